// The engine `sql`, and the errors that both engines raise.
#pragma once

#include "base/error.hpp"
#include "merge/plan_changes.hpp"
#include "pg/spi.hpp"

namespace datasurface::merge {

// A merge by SQL. It knows its changes once it has compared, or applied; each reads both tables. As the tables' owner.
class SqlMerge : public Changes {
public:
    // plan, snapshot: must live as long. reason: why it is not the other engine's.
    SqlMerge(const Plan &plan, const pg::Snapshot &snapshot, std::string reason);

    // Counts and digests the changes, in one pass, and writes nothing.
    void compare(std::uint64_t seed);

    // Once. If it is rolled back, the changes are still known.
    void apply();

    const Result &result() const override { return result_; }
    std::string digest(std::uint64_t seed) override;
    void each_part_of_new_rows(const std::function<void(const RowSource &)> &body) override;

private:
    void check();
    pg::Rows find(std::uint64_t seed);
    void count_unchanged();

    const Plan &plan_;
    const pg::Snapshot &snapshot_;
    Result result_;
    bool is_checked_ = false;
    bool is_compared_ = false;
    std::string digest_; // by compare
};

// Counts the staged rows and groups them by key. Throws SF016, SF020, SF021 as run() does; returns the number of rows
// that a later row of the same key replaces, where the plan keeps the last.
std::int64_t check_staged(const Plan &plan, const pg::Snapshot &snapshot);

// The hint of an error about wrong rows.
std::string correct_rows_hint(const shape::Shape &shape);

// 40001
Error conflict(const shape::Shape &shape, const std::string &what);
Error key_taken(const shape::Shape &shape);

} // namespace datasurface::merge
