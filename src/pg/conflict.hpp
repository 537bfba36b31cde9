#pragma once

#include <functional>
#include <string>
#include <vector>

#include "base/error.hpp"
#include "sqltext/sqltext.hpp"

namespace datasurface::pg {

// Whose DETAIL an error has that takes the place of PostgreSQL's.
enum class Detail {
    ours,
    postgresql_first // it names the key
};

// Runs body; throws `instead` where it raised a unique violation of one of these constraints or indexes of that table, and its own error
// otherwise. Either error is thrown on, so what body did is rolled back.
void with_violation_as(const sqltext::Qualified &table, const std::vector<std::string> &constraints, Error instead,
                       Detail detail, const std::function<void()> &body);

// Runs body; throws `instead` where the server's table of locks is full (max_locks_per_transaction), and its own error otherwise.
void with_full_lock_table_as(const Error &instead, const std::function<void()> &body);

// Runs body. A row that breaks NOT NULL or a CHECK constraint keeps PostgreSQL's error, and gets this hint where it has none.
void with_hint_on_broken_rule(const std::string &hint, const std::function<void()> &body);

} // namespace datasurface::pg
