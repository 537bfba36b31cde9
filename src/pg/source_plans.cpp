#include "pg/source_plans.hpp"

#include "pg/own_statement.hpp"
#include "pg/source_plans_raising.hpp"

namespace datasurface::pg {

bool lock_kept_source(const sqltext::Statement &query, const std::string &types)
{
    return call_statement(query.text, [&] {
        SPI_connect();
        bool const there = has_source_plan({query.text, types});
        if (there)
            lock_by_plan(source_plan({query.text, types}));
        SPI_finish();
        return there;
    });
}

void lock_source(const sqltext::Statement &query, const std::string &types)
{
    call_statement(query.text, [&] {
        SPI_connect();
        lock_by_plan(source_plan({query.text, types}));
        SPI_finish();
    });
}

} // namespace datasurface::pg
