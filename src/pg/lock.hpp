#pragma once

#include "sqltext/sqltext.hpp"

namespace datasurface::pg {

// Takes ACCESS EXCLUSIVE on a table until the transaction ends, if nobody is in the way. Never waits, never raises for a
// table that somebody else uses. False too when there is no such table.
bool try_lock_exclusively(const sqltext::Qualified &table);

} // namespace datasurface::pg
