#include "change/staged_deletes.hpp"

#include "change/columns_added.hpp"

namespace datasurface::change {

namespace {

using shape::RelationKind;
using sqltext::identifier;

} // namespace

std::string deleted_column_sql()
{
    return identifier(shape::deleted) + " " + std::string(shape::deleted_type);
}

// Rows that are staged by then were staged by another definition: their batch is refused until it is reset.
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
        tables.take(alter_table(staging->name, "DROP COLUMN " + identifier(name)));
        std::erase_if(columns, [&](const ActualColumn &column) { return column.name == name; });
        return;
    }
    require_places(*staging, 1);
    tables.take(alter_table(staging->name, "ADD COLUMN " + deleted_column_sql()));
    columns.push_back({name, std::string(shape::deleted_type), false, ""});
    staging->there.places += 1;
}

} // namespace datasurface::change
