#include "pg/spi.hpp"

#include <charconv>

#include "pg/boundary.hpp"

extern "C" {
#include "catalog/pg_type.h"
#include "executor/spi.h"
#include "utils/builtins.h"
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

struct Arguments {
    int count;
    Oid *types;
    Datum *values;
    char *nulls;
};

Oid type_of(const sqltext::Value &value)
{
    constexpr Oid types[] = {TEXTOID, BOOLOID, INT4OID, INT8OID, TEXTOID};
    return types[value.index()];
}

Datum datum_of(const sqltext::Value &value)
{
    if (const auto *flag = std::get_if<bool>(&value))
        return BoolGetDatum(*flag);
    if (const auto *number = std::get_if<std::int32_t>(&value))
        return Int32GetDatum(*number);
    if (const auto *wide = std::get_if<std::int64_t>(&value))
        return Int64GetDatum(*wide);
    return PointerGetDatum(cstring_to_text(to_server(*std::get_if<std::string>(&value))));
}

Arguments bind(const sqltext::Statement &statement)
{
    std::size_t const count = statement.arguments.size();
    Arguments bound{static_cast<int>(count), static_cast<Oid *>(palloc(sizeof(Oid) * (count + 1))),
                    static_cast<Datum *>(palloc0(sizeof(Datum) * (count + 1))), static_cast<char *>(palloc(count + 1))};
    for (std::size_t i = 0; i < count; ++i) {
        const sqltext::Value &value = statement.arguments[i];
        bool const null = std::holds_alternative<std::monostate>(value);
        bound.types[i] = type_of(value);
        bound.nulls[i] = null ? 'n' : ' ';
        if (!null)
            bound.values[i] = datum_of(value);
    }
    return bound;
}

void run(const sqltext::Statement &statement, const Snapshot *snapshot)
{
    Arguments const arguments = bind(statement);
    char *const text = to_server(statement.text);
    SPIPlanPtr const plan = SPI_prepare(text, arguments.count, arguments.types);
    if (plan == nullptr)
        elog(ERROR, "could not prepare step %s: %s", statement.name.c_str(), SPI_result_code_string(SPI_result));
    int const result = snapshot == nullptr ? SPI_execute_plan(plan, arguments.values, arguments.nulls, false, 0)
                                           : SPI_execute_snapshot(plan, arguments.values, arguments.nulls,
                                                                  static_cast<SnapshotData *>(snapshot->handle()),
                                                                  nullptr, false, true, 0);
    if (result < 0)
        elog(ERROR, "step %s failed: %s", statement.name.c_str(), SPI_result_code_string(result));
}

// What a query left behind, in plain memory of the caller's context.
struct Fetched {
    std::size_t rows;
    std::size_t columns;
    const char **cells;
};

Fetched fetch(MemoryContext context)
{
    if (SPI_tuptable == nullptr)
        return {0, 0, nullptr};
    TupleDesc const descriptor = SPI_tuptable->tupdesc;
    Fetched fetched{SPI_processed, static_cast<std::size_t>(descriptor->natts), nullptr};
    MemoryContext const old = MemoryContextSwitchTo(context);
    fetched.cells = static_cast<const char **>(
        MemoryContextAllocHuge(context, sizeof(char *) * (fetched.rows * fetched.columns + 1)));
    for (std::size_t row = 0; row < fetched.rows; ++row)
        for (std::size_t column = 0; column < fetched.columns; ++column) {
            const char *const value = SPI_getvalue(SPI_tuptable->vals[row], descriptor, static_cast<int>(column) + 1);
            fetched.cells[row * fetched.columns + column] = value == nullptr ? nullptr : to_utf8(value);
        }
    MemoryContextSwitchTo(old);
    return fetched;
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

Rows query(const sqltext::Statement &statement, const Snapshot *snapshot)
{
    // one context for the texts, thrown away when they have been copied
    MemoryContext const scratch =
        call([] { return AllocSetContextCreate(CurrentMemoryContext, "datasurface query", ALLOCSET_DEFAULT_SIZES); });
    Fetched const fetched = call([&] {
        SPI_connect();
        run(statement, snapshot);
        Fetched const result = fetch(scratch);
        SPI_finish();
        return result;
    });
    Rows rows(fetched.columns);
    for (std::size_t i = 0; i < fetched.rows * fetched.columns; ++i)
        rows.add(fetched.cells[i] == nullptr ? Rows::Cell() : Rows::Cell(fetched.cells[i]));
    call([&] { MemoryContextDelete(scratch); });
    return rows;
}

std::int64_t execute(const sqltext::Statement &statement, const Snapshot *snapshot)
{
    return call([&] {
        SPI_connect();
        run(statement, snapshot);
        auto const processed = static_cast<std::int64_t>(SPI_processed);
        SPI_finish();
        return processed;
    });
}

} // namespace datasurface::pg
