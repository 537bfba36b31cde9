// The engine `sql`, and the errors that both engines raise.
#pragma once

#include "base/error.hpp"
#include "merge/plan_changes.hpp"
#include "pg/spi.hpp"

namespace datasurface::merge {

Result run_sql(const Plan &plan, const pg::Snapshot &snapshot, const Inspect &inspect);

// Counts the staged rows and groups them by key. Throws SF016, SF020, SF021 as run() does; returns the number of rows
// that a later row of the same key replaces, where the plan keeps the last.
std::int64_t check_staged(const Plan &plan, const pg::Snapshot &snapshot);

// The hint of an error about wrong rows.
std::string correct_rows_hint(const shape::Shape &shape);

// 40001
Error conflict(const shape::Shape &shape, const std::string &what);
Error key_taken(const shape::Shape &shape);

} // namespace datasurface::merge
