// Runs SQL statements by SPI. Values are passed as arguments; results are returned as text, for names, numbers and states of our
// catalogs. Rows of users' data are not read this way: they move inside PostgreSQL.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "sqltext/sqltext.hpp"

namespace datasurface::pg {

class Rows {
public:
    using Cell = std::optional<std::string>;

    explicit Rows(std::size_t columns = 0) : columns_(columns) {}

    std::size_t size() const { return columns_ == 0 ? 0 : cells_.size() / columns_; }
    std::size_t columns() const { return columns_; }
    bool empty() const { return size() == 0; }
    bool is_null(std::size_t row, std::size_t column) const { return !cell(row, column).has_value(); }
    // NULL is the empty text, zero, false: ask is_null first where that matters.
    std::string text(std::size_t row, std::size_t column) const { return cell(row, column).value_or(std::string()); }
    std::int32_t integer(std::size_t row, std::size_t column) const;
    std::int64_t bigint(std::size_t row, std::size_t column) const;
    bool boolean(std::size_t row, std::size_t column) const { return text(row, column) == "t"; }

    void add(Cell value) { cells_.push_back(std::move(value)); }

private:
    const Cell &cell(std::size_t row, std::size_t column) const { return cells_.at(row * columns_ + column); }

    std::size_t columns_;
    std::vector<Cell> cells_;
};

// A snapshot that several statements share. It lives as long as the call of with_snapshot that took it.
class Snapshot {
public:
    explicit Snapshot(void *handle) : handle_(handle) {}
    void *handle() const { return handle_; }

private:
    void *handle_;
};

void *take_snapshot();
void release_snapshot(void *handle);

// Lets a snapshot see what this transaction has done up to now.
void see_own_changes(const Snapshot &snapshot);

// Takes a new snapshot, newer than the caller's statement, and gives it to body. When body throws, the rollback of the
// (sub)transaction that must follow releases it.
template <class Body>
void with_snapshot(Body &&body)
{
    Snapshot const snapshot(take_snapshot());
    body(snapshot);
    release_snapshot(snapshot.handle());
}

// Runs one statement and returns its rows. Without a snapshot it takes a new one; with one it sees that, and what this
// transaction has done since.
Rows query(const sqltext::Statement &statement, const Snapshot *snapshot = nullptr);

// Runs one SELECT by the snapshot alone: what this transaction has done since it was taken is not seen.
Rows query_before(const sqltext::Statement &statement, const Snapshot &snapshot);

// Runs one statement and returns the number of rows it processed.
std::int64_t execute(const sqltext::Statement &statement, const Snapshot *snapshot = nullptr);

// The same for statements on our catalogs, whose texts are constants. Their plans are kept for the session, because an unchanged batch
// spends most of its time in them. Do not keep statements on a dataset's own tables: a session that visits 50,000 datasets would
// keep 50,000 plans.
Rows query_kept(const sqltext::Statement &statement);
std::int64_t execute_kept(const sqltext::Statement &statement);

} // namespace datasurface::pg
