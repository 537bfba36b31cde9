// What SQL does not offer about a table, or only at a price.
#pragma once

#include <cstdint>

#include "sqltext/sqltext.hpp"

namespace datasurface::pg {

// Size of a table's main file in kB. The transaction must hold a lock on the table.
std::int64_t kilobytes(const sqltext::Qualified &table);

// Takes ACCESS EXCLUSIVE on a table until the transaction ends, if nobody is in the way. Never waits, never raises for a
// table that somebody else uses. False too when there is no such table.
bool try_lock_exclusively(const sqltext::Qualified &table);

} // namespace datasurface::pg
