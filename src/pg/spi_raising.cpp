#include "pg/spi_raising.hpp"

#include <cstdint>

#include "pg/boundary.hpp"

#define XXH_INLINE_ALL
#include <xxhash.h>

extern "C" {
#include "catalog/pg_type.h"
#include "executor/spi.h"
#include "utils/builtins.h"
#include "utils/hsearch.h"
}

namespace datasurface::pg {

namespace {

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
        bool const null = std::holds_alternative<sqltext::Null>(value);
        bound.types[i] = type_of(value);
        bound.nulls[i] = null ? 'n' : ' ';
        if (!null)
            bound.values[i] = datum_of(value);
    }
    return bound;
}

SPIPlanPtr prepare(const sqltext::Statement &statement, const Arguments &arguments)
{
    SPIPlanPtr const plan = SPI_prepare(to_server(statement.text), arguments.count, arguments.types);
    if (plan == nullptr)
        elog(ERROR, "could not prepare step %s: %s", statement.name.c_str(), SPI_result_code_string(SPI_result));
    return plan;
}

// A plan in the session's cache. The key is made of the text and the argument types, because a NULL is bound as text, and a plan made
// for text must not be given a number.
struct KeptPlan {
    std::uint64_t key; // XXH3 of both; they are compared themselves too
    char *text;
    SPIPlanPtr plan;
};

HTAB *kept_plans = nullptr;

std::uint64_t key_of(const sqltext::Statement &statement, const Arguments &arguments)
{
    std::uint64_t const types = XXH3_64bits(arguments.types, sizeof(Oid) * static_cast<std::size_t>(arguments.count));
    return XXH3_64bits_withSeed(statement.text.data(), statement.text.size(), types);
}

bool made_for(const KeptPlan &kept, const sqltext::Statement &statement, const Arguments &arguments)
{
    if (statement.text != kept.text || SPI_getargcount(kept.plan) != arguments.count)
        return false;
    for (int i = 0; i < arguments.count; ++i)
        if (SPI_getargtypeid(kept.plan, i) != arguments.types[i])
            return false;
    return true;
}

KeptPlan *find_kept(std::uint64_t key)
{
    if (kept_plans == nullptr) {
        HASHCTL control{};
        control.keysize = sizeof(std::uint64_t);
        control.entrysize = sizeof(KeptPlan);
        control.hcxt = CacheMemoryContext;
        kept_plans = hash_create("datasurface plans", 64, &control, HASH_ELEM | HASH_BLOBS | HASH_CONTEXT);
    }
    bool found = false;
    auto *const kept = static_cast<KeptPlan *>(hash_search(kept_plans, &key, HASH_ENTER, &found));
    if (!found) {
        kept->text = nullptr;
        kept->plan = nullptr;
    }
    return kept;
}

SPIPlanPtr prepare_kept(const sqltext::Statement &statement, const Arguments &arguments)
{
    KeptPlan *const kept = find_kept(key_of(statement, arguments));
    if (kept->plan != nullptr && made_for(*kept, statement, arguments))
        return kept->plan;
    SPIPlanPtr const plan = prepare(statement, arguments);
    if (kept->plan != nullptr)
        return plan; // two of one digest: the first keeps its place
    char *const text = MemoryContextStrdup(CacheMemoryContext, statement.text.c_str());
    if (SPI_keepplan(plan) != 0)
        elog(ERROR, "could not keep the plan of step %s", statement.name.c_str());
    kept->text = text;
    kept->plan = plan;
    return plan;
}

} // namespace

void run_statement(const sqltext::Statement &statement, SnapshotData *snapshot, Keep keep, See see)
{
    Arguments const arguments = bind(statement);
    SPIPlanPtr const plan = keep == Keep::yes ? prepare_kept(statement, arguments) : prepare(statement, arguments);
    int const result = snapshot == nullptr ? SPI_execute_plan(plan, arguments.values, arguments.nulls, false, 0)
                                           : SPI_execute_snapshot(plan, arguments.values, arguments.nulls, snapshot,
                                                                  nullptr, see == See::snapshot_only, true, 0);
    if (result < 0)
        elog(ERROR, "step %s failed: %s", statement.name.c_str(), SPI_result_code_string(result));
}

Fetched fetch_result(MemoryContext context)
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

} // namespace datasurface::pg
