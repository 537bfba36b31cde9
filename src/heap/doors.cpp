#include "heap/doors.hpp"

#include "heap/clear.hpp"
#include "heap/fill.hpp"
#include "pg/own_statement.hpp"

namespace datasurface::heap {

std::optional<merge::Staged> fill(const shape::Shape &shape, const sqltext::Statement &query,
                                  const pg::Snapshot &snapshot)
{
    return pg::call_statement(query.text, [&] { return fill_staging(shape, query, snapshot); });
}

bool is_empty(const sqltext::Qualified &staging, const pg::Snapshot &snapshot)
{
    return pg::call([&] { return has_no_rows(staging, snapshot); });
}

bool delete_staged(const sqltext::Qualified &staging, std::int64_t last_arrival, const pg::Snapshot &snapshot)
{
    return pg::call([&] { return delete_staged_rows(staging, last_arrival, snapshot); });
}

std::int64_t count_versions(const sqltext::Qualified &table)
{
    return pg::call([&] { return count_versions_of(table); });
}

} // namespace datasurface::heap
