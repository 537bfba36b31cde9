#include "pg/spi.hpp"

#include <charconv>

#include "pg/boundary.hpp"
#include "pg/own_statement.hpp"
#include "pg/spi_raising.hpp"

extern "C" {
#include "executor/spi.h"
#include "utils/snapmgr.h"
}

namespace datasurface::pg {

namespace {

template <class Number>
Number parse_number(const std::string &text)
{
    Number number = 0;
    std::from_chars(text.data(), text.data() + text.size(), number);
    return number;
}

SnapshotData *data_of(const Snapshot *snapshot)
{
    return snapshot == nullptr ? nullptr : static_cast<SnapshotData *>(snapshot->handle());
}

Rows query_as(const sqltext::Statement &statement, const Snapshot *snapshot, Keep keep, See see = See::own_changes)
{
    // The texts have a context of their own, which is deleted when they are copied. When the query fails, the rollback that must follow
    // deletes it: one statement may survive thousands of failed queries.
    MemoryContext const scratch =
        call([] { return AllocSetContextCreate(CurTransactionContext, "datasurface query", ALLOCSET_SMALL_SIZES); });
    Fetched const fetched = call_statement(statement.text, [&] {
        SPI_connect();
        run_statement(statement, data_of(snapshot), keep, see);
        Fetched const result = fetch_result(scratch);
        SPI_finish();
        return result;
    });
    Rows rows(fetched.columns);
    for (std::size_t i = 0; i < fetched.rows * fetched.columns; ++i)
        rows.add(fetched.cells[i] == nullptr ? Rows::Cell() : Rows::Cell(fetched.cells[i]));
    call([&] { MemoryContextDelete(scratch); });
    return rows;
}

std::int64_t execute_as(const sqltext::Statement &statement, const Snapshot *snapshot, Keep keep)
{
    return call_statement(statement.text, [&] {
        SPI_connect();
        run_statement(statement, data_of(snapshot), keep, See::own_changes);
        auto const processed = static_cast<std::int64_t>(SPI_processed);
        SPI_finish();
        return processed;
    });
}

} // namespace

std::int32_t Rows::integer(std::size_t row, std::size_t column) const
{
    return parse_number<std::int32_t>(text(row, column));
}

std::int64_t Rows::bigint(std::size_t row, std::size_t column) const
{
    return parse_number<std::int64_t>(text(row, column));
}

void *take_snapshot()
{
    return call([] { return static_cast<void *>(RegisterSnapshot(GetLatestSnapshot())); });
}

void release_snapshot(void *handle)
{
    call([&] { UnregisterSnapshot(static_cast<SnapshotData *>(handle)); });
}

void see_own_changes(const Snapshot &snapshot)
{
    call([&] { data_of(&snapshot)->curcid = GetCurrentCommandId(false); });
}

Rows query(const sqltext::Statement &statement, const Snapshot *snapshot)
{
    return query_as(statement, snapshot, Keep::no);
}

Rows query_before(const sqltext::Statement &statement, const Snapshot &snapshot)
{
    return query_as(statement, &snapshot, Keep::no, See::snapshot_only);
}

std::int64_t execute(const sqltext::Statement &statement, const Snapshot *snapshot)
{
    return execute_as(statement, snapshot, Keep::no);
}

Rows query_kept(const sqltext::Statement &statement)
{
    return query_as(statement, nullptr, Keep::yes);
}

std::int64_t execute_kept(const sqltext::Statement &statement)
{
    return execute_as(statement, nullptr, Keep::yes);
}

} // namespace datasurface::pg
