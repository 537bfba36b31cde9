#include "change/history.hpp"

#include <algorithm>

#include "change/refuse.hpp"

namespace datasurface::change {

namespace {

using shape::RelationKind;
using sqltext::identifier;
using sqltext::Qualified;

void drop_index(Tables &tables, Object &index, RelationKind kind)
{
    Step step{index.name.sql(), Action::drop, "DROP INDEX " + index.name.sql(), kind, index.name};
    step.lock = Lock::access_exclusive;
    step.on = tables.now.ours.at(RelationKind::history).name;
    tables.take(std::move(step));
    index.exists = false;
}

bool has_columns(const Object &index, const std::vector<std::string> &columns)
{
    return std::equal(index.there.columns.begin(), index.there.columns.end(), columns.begin(), columns.end(),
                      [](const ActualColumn &column, const std::string &name) { return column.name == name; });
}

// method: behind the name of the table
void make_index(Tables &tables, RelationKind kind, const std::string &method, const std::vector<std::string> &columns)
{
    const Qualified &name = wanted_name(tables.wanted.names, kind);
    const Object &history = tables.now.ours.at(RelationKind::history);
    if (Object *const made = tables.now.find(kind)) {
        if (has_columns(*made, columns))
            return;
        drop_index(tables, *made, kind);
    } else if (tables.now.relations.count(name) > 0) {
        refuse_taken(name);
    }
    std::vector<std::string> quoted;
    Object index;
    index.name = name;
    index.exists = true;
    for (const std::string &column : columns) {
        quoted.push_back(identifier(column));
        index.there.columns.push_back({column, "", false, ""});
    }
    Step step{name.sql(), Action::create,
              "CREATE INDEX " + identifier(name.name) + " ON " + history.name.sql() + method + " (" +
                  sqltext::join(quoted, ", ") + ")",
              kind, name};
    step.lock = Lock::share;
    step.on = history.name;
    if (tables.take(of_size(std::move(step), history)))
        tables.now.ours[kind] = std::move(index);
}

} // namespace

void make_history_indexes(Tables &tables)
{
    const shape::Shape &shape = tables.wanted;
    std::string const batch_out(shape::batch_out);
    make_index(tables, RelationKind::history_out_index, " USING brin", {batch_out});
    if (shape.history_key_index) {
        std::vector<std::string> columns = shape.primary_key;
        columns.push_back(batch_out);
        make_index(tables, RelationKind::history_key_index, "", columns);
    } else if (Object *const index = tables.now.find(RelationKind::history_key_index)) {
        drop_index(tables, *index, RelationKind::history_key_index);
    }
}

void begin_history(Tables &tables)
{
    if (tables.now.publishing.shows_nothing)
        return; // no batch has had it, so nothing of its history is missing
    if (!tables.now.is_ours(RelationKind::as_of) && tables.now.find(RelationKind::merge) != nullptr)
        tables.now.history_from = tables.now.last_batch;
}

void end_history(Tables &tables)
{
    if (!tables.now.is_ours(RelationKind::as_of))
        return;
    const Object &as_of = tables.now.ours.at(RelationKind::as_of);
    std::string const object = as_of.name.sql() + "(integer)";
    require_as_made(as_of, object);
    Step step{object, Action::drop, "", RelationKind::as_of, as_of.name}; // the record of a function that is gone
    if (as_of.exists) {
        step.statement = "DROP FUNCTION " + object;
        step.cost = Class::lossy;
        step.reason =
            "the dataset is live now: earlier batches can no longer be asked for; the history table stays as it is";
    }
    if (tables.take(std::move(step)))
        tables.now.ours.erase(RelationKind::as_of);
    else
        tables.wanted.milestoned = true;
}

} // namespace datasurface::change
