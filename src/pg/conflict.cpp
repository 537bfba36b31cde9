#include "pg/conflict.hpp"

#include "pg/boundary.hpp"

namespace datasurface::pg {

namespace {

// PostgreSQL's regime.
bool same(const char *name, const std::string &utf8)
{
    return name != nullptr && strcmp(name, to_server(utf8)) == 0;
}

bool pending_violates(const sqltext::Qualified &table, const std::string &constraint)
{
    return call([&] {
        ErrorData *const data = CopyErrorData();
        return data->sqlerrcode == ERRCODE_UNIQUE_VIOLATION && same(data->schema_name, table.schema) &&
               same(data->table_name, table.name) && same(data->constraint_name, constraint);
    });
}

} // namespace

void with_violation_as(const sqltext::Qualified &table, const std::string &constraint, const Error &instead,
                       const std::function<void()> &body)
{
    try {
        body();
        return;
    } catch (const Pending &) {
        // below, where no handler is active
    }
    if (!pending_violates(table, constraint))
        throw Pending{};
    call([] { FlushErrorState(); });
    throw instead;
}

} // namespace datasurface::pg
