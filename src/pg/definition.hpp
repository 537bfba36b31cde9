// Is a view, or a function in SQL, still as a statement made it? Its name does not answer that: it can be dropped and created again.
#pragma once

#include <string>
#include <vector>

#include "sqltext/sqltext.hpp"

namespace datasurface::pg {

// Returns what differs, as the end of a sentence: "its query was changed". Empty when nothing differs, or there is no such object.
// statement: the CREATE VIEW, or CREATE FUNCTION ... (integer) with a body of SQL, that made it. owner: the role that owned it then.
// Both queries are read by this server and compared as it would print them, so neither spaces nor versions matter.
std::string changes_of_view(const sqltext::Qualified &view, const std::string &statement, const std::string &owner);
std::string changes_of_function(const sqltext::Qualified &function, const std::string &statement,
                                const std::string &owner);

// Does the view show the rows that the CREATE VIEW has it show, whatever it shows of them? False when the statement cannot be read.
bool has_condition_of(const sqltext::Qualified &view, const std::string &statement);

struct ShownColumn {
    std::string name;
    std::string column; // of the table, which it shows
};

struct ShownView {
    std::vector<ShownColumn> columns;
    std::string condition; // of the rows, as this server prints it; empty: all
};

// What a view that we made shows now, of the table that it selects from first. Empty when it does not exist.
ShownView look_into_view(const sqltext::Qualified &view);

} // namespace datasurface::pg
