#include "reconcile/inspect_views.hpp"

#include <algorithm>
#include <iterator>
#include <string_view>
#include <utility>

#include "base/error.hpp"
#include "base/sqlstate.hpp"
#include "catalog/model_version.hpp"
#include "catalog/relation.hpp"
#include "catalog/shape.hpp"
#include "change/refuse.hpp"
#include "pg/definition.hpp"
#include "pg/table.hpp"
#include "reconcile/inspect.hpp"
#include "reconcile/inspect_code.hpp"
#include "reconcile/inspect_extras.hpp"
#include "reconcile/inspect_readers.hpp"
#include "reconcile/inspect_uses.hpp"
#include "reconcile/plan_views.hpp"
#include "reconcile/renamed_views.hpp"

namespace datasurface::reconcile {

using shape::RelationKind;

SeenStores::SeenStores(const catalog::Workspace &workspace, const model::Roles &readers, std::optional<int> version)
    : workspace_(workspace), readers_(known_readers(readers)), version_(version)
{
}

std::vector<change::Reader> SeenStores::readers_of(const rights::SeenStore &store) const
{
    std::vector<change::Reader> readers;
    std::copy_if(readers_.begin(), readers_.end(), std::back_inserter(readers),
                 [&](const change::Reader &reader) { return rights::may_be_reader(reader.role, store); });
    return readers;
}

std::optional<rights::Refusal> SeenStores::refusal_of(const Seen &seen) const
{
    if (std::optional<rights::Refusal> refusal =
            rights::refusal_to_read(workspace_.name, workspace_.owner, seen.access))
        return refusal;
    return rights::refusal({workspace_.schema, workspace_.owner, workspace_.loaded_by});
}

const SeenStores::Seen &SeenStores::find(const std::string &store)
{
    auto const known = by_store_.find(store);
    if (known != by_store_.end())
        return known->second;
    Seen seen;
    if (std::optional<catalog::Store> const found = catalog::find_store(store)) {
        seen.store = *found;
        seen.access = rights::seen_store(found->name, found->owner, catalog::access(found->id), workspace_.name);
        seen.refusal = refusal_of(seen);
    }
    return by_store_.emplace(store, std::move(seen)).first->second;
}

void SeenStores::check_again(const std::string &store)
{
    std::optional<int> const version = catalog::current_version();
    if (version != version_) {
        std::optional<catalog::Workspace> const now = catalog::find_workspace(workspace_.name);
        if (!now || now->definition != workspace_.definition || now->owner != workspace_.owner)
            throw Error(sqlstate::lock_not_available,
                        "workspace \"" + workspace_.name + "\" was changed by a load meanwhile",
                        "This call read its definition before that load.", "Call again.");
        version_ = version;
        by_store_.clear();
        return;
    }
    // memberships in roles may have changed without a load
    if (auto const known = by_store_.find(store); known != by_store_.end())
        known->second.refusal = refusal_of(known->second);
}

void SeenStores::read_views()
{
    if (elsewhere_)
        return;
    elsewhere_ = catalog::views_of_workspace(workspace_.id);
    for (const auto &[view, name] : renamed_views(workspace_, *elsewhere_).former)
        former_.emplace(std::pair(view.kind, view.name), name);
    std::erase_if(*elsewhere_, [&](const catalog::Relation &view) { return view.name.schema == workspace_.schema; });
}

const std::vector<catalog::Relation> &SeenStores::views_elsewhere()
{
    read_views();
    return *elsewhere_;
}

std::string SeenStores::former_name(RelationKind kind, const std::string &name)
{
    read_views();
    auto const found = former_.find({kind, name});
    return found == former_.end() ? "" : found->second;
}

namespace {

using change::ActualView;
using change::ViewColumn;
using change::WantedView;
using MadeColumns = std::map<int, std::string>;

std::optional<catalog::Relation> record_named(const sqltext::Qualified &name, RelationKind kind, int workspace)
{
    for (const catalog::Relation &record : catalog::relations_named(name))
        if (record.kind == kind && record.workspace_id == workspace)
            return record;
    return std::nullopt;
}

std::optional<catalog::Relation> record_of(SeenStores &stores, RelationKind kind, const sqltext::Qualified &name)
{
    int const workspace = stores.workspace().id;
    if (std::optional<catalog::Relation> here = record_named(name, kind, workspace))
        return here;
    std::string const former = stores.former_name(kind, name.name);
    if (!former.empty())
        if (std::optional<catalog::Relation> here = record_named({name.schema, former}, kind, workspace))
            return here;
    for (const catalog::Relation &other : stores.views_elsewhere())
        if (other.kind == kind && (other.name.name == name.name || other.name.name == former))
            if (std::optional<catalog::Relation> there = record_named(other.name, kind, workspace))
                return there;
    return std::nullopt;
}

// Its condition is that of the model, however it is written.
bool shows_rows_of(const ActualView &view, WantedView wanted)
{
    if (wanted.where.empty() || view.where.empty())
        return wanted.where.empty() == view.where.empty();
    wanted.columns = view.columns;
    return pg::has_condition_of(view.object.name, change::definition(wanted));
}

ActualView inspect_view_of(const catalog::Relation &record, const WantedView &wanted, const ActualSink &sink)
{
    if (record.dataset_id != wanted.dataset || record.definition != change::definition(wanted)) {
        ActualView view = inspect_view(record, sink.dataset.made_columns);
        view.shows_wanted_rows = record.dataset_id != wanted.dataset || shows_rows_of(view, wanted);
        return view;
    }
    ActualView view;
    view.object = object_of(record, pg::exists(record.name));
    view.columns = wanted.columns;
    view.where = wanted.where;
    view.granted = record.readers;
    return view;
}

void inspect_views(ActualSink &sink, const std::vector<catalog::Relation> &records, const shape::ViewNames &names)
{
    std::vector<sqltext::Qualified> all = {names.current, names.full};
    for (const catalog::Relation &record : records)
        all.push_back(record.name);
    FoundRelations const found = inspect_relations(all, Size::known);
    for (const auto &[name, relation] : found)
        sink.actual.relations.insert(name);
    for (const catalog::Relation &record : records) {
        auto const wanted = std::find_if(sink.wanted.begin(), sink.wanted.end(),
                                         [&](const WantedView &view) { return view.kind == record.kind; });
        ActualView view = wanted == sink.wanted.end() ? inspect_view(record, sink.dataset.made_columns)
                                                      : inspect_view_of(record, *wanted, sink);
        if (auto const relation = found.find(record.name); relation != found.end())
            view.object.there = relation->second.relation;
        if (!record.readers.empty() || !sink.wanted.front().readers.empty())
            view.readers = readers_of_view(record.name);
        sink.actual.ours[record.kind] = std::move(view);
    }
}

ActualSink find_subject(SeenStores &stores, const model::Sink &sink)
{
    const SeenStores::Seen &seen = stores.find(sink.store);
    std::optional<catalog::Dataset> dataset = catalog::find_dataset(seen.store.id, sink.dataset);
    if (!dataset || !dataset->in_model)
        throw Error(sqlstate::cannot_reconcile,
                    "dataset \"" + sink.dataset + "\" of store \"" + sink.store + "\" is no longer in the model",
                    "A sink of a workspace reads it.", "Load a model whose sinks name datasets that it has.");
    if (seen.refusal)
        throw Error(sqlstate::insufficient_privilege, seen.refusal->message, "", seen.refusal->hint);
    ActualSink found;
    found.store = seen.store;
    found.dataset = *std::move(dataset);
    found.access = seen.access;
    return found;
}

// Changes of the tables may still wait, so their names and owner are those of our records.
void take_over(ActualSink &found, const std::vector<catalog::Relation> &records)
{
    bool history = false, as_of = false;
    for (const catalog::Relation &record : records)
        if (record.kind == RelationKind::merge) {
            found.shape.names.merge = record.name;
            found.shape.owner = record.owner;
        } else if (record.kind == RelationKind::history) {
            found.shape.names.history = record.name;
            history = pg::exists(record.name);
        } else if (record.kind == RelationKind::as_of) {
            as_of = true;
        }
    found.has_tables = history || !found.milestoned;
    found.shape.milestoned = history && (found.milestoned || as_of);
}

// The columns that the views are to show, in the order of the tables.
std::vector<ViewColumn> columns_of_views(ActualSink &found)
{
    take_over(found, catalog::relations_of_dataset(found.dataset.id));
    std::vector<std::string> const present = columns_of(found.shape.names.merge);
    std::map<std::string, ViewColumn, std::less<>> by_column;
    std::size_t may_wait = 0; // the view comes without a new column until its step is allowed
    for (const shape::Column &column : found.shape.columns) {
        auto const made = found.dataset.made_columns.find(column.id);
        std::string const name = made == found.dataset.made_columns.end() ? column.name : made->second;
        by_column.emplace(name, ViewColumn{column.name, name, column.id});
        if (column.type.rewrites_table && made == found.dataset.made_columns.end() &&
            std::find(present.begin(), present.end(), name) == present.end())
            ++may_wait;
    }
    std::vector<ViewColumn> columns;
    for (const std::string &name : present)
        if (auto const column = by_column.find(name); column != by_column.end())
            columns.push_back(column->second);
    found.has_tables = found.has_tables && columns.size() + may_wait == found.shape.columns.size();
    return columns;
}

// Those that the sink names, under its names for them.
std::vector<ViewColumn> part_of(const std::vector<ViewColumn> &columns, const model::Sink &sink,
                                const shape::Shape &shape)
{
    std::vector<ViewColumn> part;
    for (const model::SinkColumn &named : sink.columns()) {
        auto const column = std::find_if(columns.begin(), columns.end(),
                                         [&](const ViewColumn &one) { return one.name == named.column; });
        bool const in_model = std::any_of(shape.columns.begin(), shape.columns.end(),
                                          [&](const shape::Column &one) { return one.name == named.column; });
        if (column == columns.end())
            require_tables(shape, !in_model);
        if (column == columns.end())
            throw Error(sqlstate::cannot_reconcile,
                        "dataset \"" + sink.dataset + "\" of store \"" + sink.store + "\" has no column \"" +
                            named.column + "\"",
                        "A sink of a workspace shows it.",
                        "Load a model whose sinks name columns that their datasets have.");
        part.push_back({named.name(), column->column, column->id});
    }
    return part;
}

// A condition names columns as the model does.
void require_names_of_model(const std::vector<ViewColumn> &columns, const shape::Shape &shape)
{
    require_tables(shape, std::all_of(columns.begin(), columns.end(),
                                      [](const ViewColumn &one) { return one.name == one.column; }));
}

// Once the tables are as the shape says.
std::vector<ViewColumn> columns_to_come(ActualSink &found)
{
    std::vector<ViewColumn> columns;
    for (const shape::Column &column : found.shape.columns)
        columns.push_back({column.name, column.name, column.id});
    found.has_tables = true;
    return columns;
}

// The first batch may be shown by an expression.
bool shows_batch(const pg::ShownColumn &column)
{
    return column.column == shape::batch_in || column.column == shape::batch_out ||
           (column.column.empty() && column.name == shape::batch_in);
}

} // namespace

std::vector<catalog::Relation> records_of_sink(SeenStores &stores, const model::Sink &sink)
{
    shape::ViewNames const names = shape::view_names(stores.workspace().schema, sink.name);
    std::vector<catalog::Relation> records;
    for (const auto &[kind, name] :
         {std::pair(RelationKind::view, names.current), std::pair(RelationKind::full_view, names.full)})
        if (std::optional<catalog::Relation> record = record_of(stores, kind, name))
            records.push_back(*std::move(record));
    return records;
}

ActualView inspect_view(const catalog::Relation &record, const MadeColumns &made_columns)
{
    ActualView view;
    view.object = object_of(record, pg::exists(record.name));
    std::map<std::string_view, int> ids;
    for (const auto &[id, name] : made_columns)
        ids.emplace(name, id);
    view.granted = record.readers;
    pg::ShownView const shown = pg::look_into_view(record.name);
    view.where = shown.condition;
    for (const pg::ShownColumn &column : shown.columns) {
        if (record.kind == RelationKind::full_view && shows_batch(column))
            continue;
        auto const id = ids.find(column.column);
        view.columns.push_back({column.name, column.column, id == ids.end() ? 0 : id->second});
    }
    return view;
}

void inspect_around(ActualView &view)
{
    if (!view.object.exists)
        return;
    view.dependents = dependents_of(view.object.name);
    view.code = inspect_code({view.object.name});
    view.extras = extras_of(view.object.name);
}

ActualSink inspect_sink(SeenStores &stores, const model::Sink &sink, const shape::Shape *tables, pg::TypeCache &types)
{
    ActualSink found = find_subject(stores, sink);
    found.shape = tables != nullptr ? *tables : catalog::load_shape(found.store, found.dataset, types);
    found.milestoned = found.shape.milestoned;
    std::vector<ViewColumn> const columns = tables != nullptr ? columns_to_come(found) : columns_of_views(found);
    if (columns.empty())
        require_tables(found.shape, false);
    shape::ViewNames const names = shape::view_names(stores.workspace().schema, sink.name);
    if (!sink.where().empty())
        require_names_of_model(columns, found.shape);
    found.wanted =
        wanted_views(names, found.shape, sink.columns().empty() ? columns : part_of(columns, sink, found.shape),
                     sink.where(), found.dataset.id, stores.readers_of(found.access), publishing_of(found.dataset));
    inspect_views(found, records_of_sink(stores, sink), names);
    // first: a view follows a column that was renamed by hand, and is as we made it when that is put back
    require_tables(found.shape, found.has_tables);
    for (const auto &[kind, view] : found.actual.ours)
        change::require_as_made(view.object, view.object.name.sql());
    return found;
}

} // namespace datasurface::reconcile
