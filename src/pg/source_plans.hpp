// Locks what the query of a dataset reads, by its plan, which is kept for the fill that follows and for later batches.
#pragma once

#include <string>

#include "sqltext/sqltext.hpp"

namespace datasurface::pg {

// Locks it until the transaction ends, and returns true, if a plan of the query is kept and up to date. The query was checked
// for columns of these types when that plan was made. As the current role.
bool lock_kept_source(const sqltext::Statement &query, const std::string &types);

// The same with a new plan.
void lock_source(const sqltext::Statement &query, const std::string &types);

} // namespace datasurface::pg
