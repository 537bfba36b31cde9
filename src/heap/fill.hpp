// Within the room heap: fills a staging table with the rows of a query.
#pragma once

#include <optional>

#include "merge/plan.hpp"
#include "pg/spi.hpp"

namespace datasurface::heap {

// What fill() of doors.hpp promises.
std::optional<merge::Staged> fill_staging(const shape::Shape &shape, const sqltext::Statement &query,
                                          const pg::Snapshot &snapshot);

} // namespace datasurface::heap
