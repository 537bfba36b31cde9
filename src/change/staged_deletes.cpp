#include "change/staged_deletes.hpp"

#include "change/columns_added.hpp"
#include "change/staging.hpp"

namespace datasurface::change {

namespace {

using shape::RelationKind;
using sqltext::identifier;

// Rows that are staged by then mean something else afterwards: deletes would be rows, and what has changed all that there is.
void alter_empty(Tables &tables, Object &staging, const std::string &change)
{
    std::vector<Step> steps;
    if (!staging.there.emptied)
        steps.push_back(empty_staging(staging));
    steps.push_back(alter_table(staging.name, change));
    tables.take(std::move(steps));
    staging.there.emptied = true;
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
        alter_empty(tables, *staging, "DROP COLUMN " + identifier(name));
        std::erase_if(columns, [&](const ActualColumn &column) { return column.name == name; });
        return;
    }
    require_places(*staging, 1);
    alter_empty(tables, *staging, "ADD COLUMN " + deleted_column_sql());
    columns.push_back({name, std::string(shape::deleted_type), false, ""});
    staging->there.places += 1;
}

} // namespace datasurface::change
