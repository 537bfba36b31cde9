// Is a view, or a function in SQL, still what a statement made of it? Names are no answer: an object can be dropped and made anew.
#pragma once

#include <string>

#include "sqltext/sqltext.hpp"

namespace datasurface::pg {

// What differs, as the end of a sentence: "its query was changed". Empty: nothing, or there is no such object.
// statement: the CREATE VIEW, or CREATE FUNCTION ... (integer) with a body of SQL, that made it. owner: whose it was.
// Both queries are read by this server and compared as it would print them, so neither spaces nor versions matter.
std::string changes_of_view(const sqltext::Qualified &view, const std::string &statement, const std::string &owner);
std::string changes_of_function(const sqltext::Qualified &function, const std::string &statement,
                                const std::string &owner);

} // namespace datasurface::pg
