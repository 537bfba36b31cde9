#include "pg/dry_run.hpp"

#include "pg/boundary.hpp"
#include "pg/compat.hpp"
#include "pg/dry_run_raising.hpp"
#include "pg/savepoint.hpp"

extern "C" {
#include "parser/parse_coerce.h"
}

namespace datasurface::pg {

namespace {

std::vector<QueryColumn> copy_columns(const Reading &reading)
{
    std::vector<QueryColumn> columns;
    for (int i = 0; i < reading.count; ++i)
        columns.push_back({reading.columns[i].name, reading.columns[i].type, reading.columns[i].type_oid});
    return columns;
}

} // namespace

std::vector<QueryColumn> columns_of(const std::string &query)
{
    Reading reading{};
    call([&] {
        reading.text = to_server(query);
        read_query(reading);
    });
    return copy_columns(reading);
}

DryRun dry_run(const std::string &query)
{
    DryRun result;
    Reading reading{};
    result.problem = rolled_back(
        [&] {
            call([&] {
                // thrown away with the subtransaction: a model may have thousands of queries
                MemoryContextSwitchTo(
                    AllocSetContextCreate(CurTransactionContext, "datasurface dry run", ALLOCSET_DEFAULT_SIZES));
                reading.text = to_server(query);
                read_query(reading);
            });
            result.columns = copy_columns(reading);
            call([&] { plan_query(reading); });
        },
        OnError::return_busy_locks_and_refusals);
    result.position = reading.position;
    result.row_security = reading.row_security;
    result.unqualified = reading.unqualified;
    result.has_subquery = reading.has_subquery;
    result.is_volatile = reading.is_volatile;
    return result;
}

bool can_be_stored(unsigned int from, const std::string &type)
{
    return call([&] {
        Oid to = InvalidOid;
        int32 modifier = -1;
        Oid const given = from;
        parse_type_string(to_server(type), &to, &modifier);
        return can_coerce_type(1, &given, &to, COERCION_ASSIGNMENT);
    });
}

} // namespace datasurface::pg
