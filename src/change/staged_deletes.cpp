#include "change/staged_deletes.hpp"

#include "change/columns_added.hpp"

namespace datasurface::change {

namespace {

using shape::RelationKind;
using sqltext::identifier;

// Rows that others have staged by then would say something else: a delete would become a row, and what is not staged vanish, or stay. A
// pull stages its rows anew.
Step altered(const Object &staging, const Tables &tables, const std::string &how)
{
    Step step = alter_table(staging.name, how);
    step.needs_no_rows = tables.wanted.staging_logged && staging.there.logged;
    return step;
}

} // namespace

std::string deleted_column_sql()
{
    return identifier(shape::deleted) + " " + std::string(shape::deleted_type);
}

void change_staged_deletes(Tables &tables)
{
    Object *const staging = tables.now.find(RelationKind::staging);
    if (staging == nullptr)
        return;
    std::vector<ActualColumn> &columns = staging->there.columns;
    std::string const name(shape::deleted);
    bool const is_there = find_column(staging->there, name) != nullptr;
    if (is_there == tables.wanted.staged_deletes)
        return;
    if (is_there) {
        tables.take(altered(*staging, tables, "DROP COLUMN " + identifier(name)));
        std::erase_if(columns, [&](const ActualColumn &column) { return column.name == name; });
        return;
    }
    require_places(*staging, 1);
    tables.take(altered(*staging, tables, "ADD COLUMN " + deleted_column_sql()));
    columns.push_back({name, std::string(shape::deleted_type), false, ""});
    staging->there.places += 1;
}

} // namespace datasurface::change
