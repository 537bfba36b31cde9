#include "definition/check_change.hpp"

#include <algorithm>
#include <map>
#include <set>
#include <string_view>

#include "base/text.hpp"
#include "catalog/dataset.hpp"
#include "catalog/relation.hpp"
#include "catalog/store.hpp"
#include "model/parse.hpp"

namespace datasurface::definition {

namespace {

constexpr char another_name[] =
    "ds_reconcile_schema adds nullable columns to existing tables and changes nothing else in them. Leave "
    "it as it was, or declare a new dataset under another name.";

// A dataset of the document, and the report for its problems.
struct Place {
    model::Report &problems;
    std::string pointer;
    int dataset_id = 0; // of the loaded dataset; 0: the place is a store

    void complain(const std::string &member, const std::string &message, const std::string &hint = another_name) const
    {
        problems.add({model::Severity::error, pointer + member, "unsupported_change", message, hint});
    }
};

using ColumnsByName = std::map<std::string_view, const model::Column *>;

ColumnsByName by_name(const model::Dataset &dataset)
{
    ColumnsByName columns;
    for (const model::Column &column : dataset.columns)
        columns.emplace(column.name, &column);
    return columns;
}

const model::Column *find(const ColumnsByName &columns, const std::string &name)
{
    auto const found = columns.find(name);
    return found == columns.end() ? nullptr : found->second;
}

bool same_type(const std::string &left, const std::string &right, pg::TypeCache &types)
{
    const pg::TypeLookup &a = types.find(left);
    const pg::TypeLookup &b = types.find(right);
    return left == right || (a.type && b.type && a.type->name == b.type->name);
}

using InTables = std::map<shape::RelationKind, catalog::TableColumn>;

// True when all tables have the type already, because somebody changed them by hand. The model may then follow.
bool have_type(const InTables &tables, const std::string &type, pg::TypeCache &types)
{
    const pg::TypeLookup &wanted = types.find(type);
    return wanted.type && !tables.empty() && std::all_of(tables.begin(), tables.end(), [&](const auto &table) {
               return table.second.type == wanted.type->name;
           });
}

// The same for nullability. The staging table is not checked: all its columns are nullable.
bool have_nullability(const InTables &tables, bool nullable)
{
    return tables.count(shape::RelationKind::merge) > 0 &&
           std::all_of(tables.begin(), tables.end(), [&](const auto &table) {
               return table.first == shape::RelationKind::staging || table.second.not_null != nullable;
           });
}

void check_new_column(const Place &place, const std::string &member, const model::Column &column)
{
    if (!column.nullable)
        place.complain(member, "column \"" + column.name + "\" is new and not nullable",
                       "Make it nullable, because existing rows have no value for it. Or declare a new dataset under "
                       "another name.");
}

void check_column(const Place &place, const std::string &member, const model::Column &column,
                  const model::Column &before, bool key_changes, pg::TypeCache &types)
{
    // a column that enters or leaves the key changes its nullability with it: only the key is reported
    bool const renulled = column.nullable != before.nullable && !key_changes;
    bool const retyped =
        !column.type.empty() && !same_type(column.type, before.type, types); // empty: lint has reported it
    if (!retyped && !renulled)
        return;
    InTables const tables = catalog::columns_in_tables(place.dataset_id, column.name);
    if (retyped && !have_type(tables, column.type, types))
        place.complain(member + "/type",
                       "column \"" + column.name + "\" changes its type from " + before.type + " to " + column.type);
    if (renulled && !have_nullability(tables, column.nullable))
        place.complain(member + "/nullable",
                       "column \"" + column.name + "\" becomes " + (column.nullable ? "nullable" : "not nullable"));
}

// The hint for a column that the document leaves out. Its column stays in the tables; only its values can become NULL.
std::string hint_for_dropped_column(const model::Dataset &dataset, const model::Column &column)
{
    std::string const anew = "declare a new dataset without it under another name.";
    if (!column.nullable || model::is_key(dataset, column.name))
        return "Leave it in the model, or " + anew;
    std::string const empty = dataset.ingestion == model::Ingestion::push
                                  ? "push rows without a value for it"
                                  : "let the query give NULL::" + column.type + " for it";
    return "Leave it in the model and " + empty + ": from the next batch on it is NULL. To remove the column itself, " +
           anew;
}

void check_dataset(const Place &place, const model::Dataset &now, const model::Dataset &before, pg::TypeCache &types)
{
    ColumnsByName const columns_now = by_name(now), columns_before = by_name(before);
    for (std::size_t i = 0; i < now.columns.size(); ++i) {
        std::string const member = "/columns/" + std::to_string(i);
        if (const model::Column *const column = find(columns_before, now.columns[i].name))
            check_column(place, member, now.columns[i], *column,
                         model::is_key(now, column->name) != model::is_key(before, column->name), types);
        else
            check_new_column(place, member, now.columns[i]);
    }
    for (const model::Column &column : before.columns)
        if (find(columns_now, column.name) == nullptr)
            place.complain("/columns", "column \"" + column.name + "\" is dropped or renamed",
                           hint_for_dropped_column(before, column));
    // a key column that is unknown is told by lint
    bool const has_its_key = std::all_of(now.primary_key.begin(), now.primary_key.end(),
                                         [&](const std::string &name) { return find(columns_now, name) != nullptr; });
    if (has_its_key && now.primary_key != before.primary_key)
        place.complain("/primary_key", "the primary key changes");
    if (now.milestoning != before.milestoning)
        place.complain("/milestoning", "milestoning changes from " + std::string(model::word(before.milestoning)) +
                                           " to " + std::string(model::word(now.milestoning)));
    if (now.ingestion != before.ingestion)
        place.complain("/ingestion/kind", "ingestion changes from " + std::string(model::word(before.ingestion)) +
                                              " to " + std::string(model::word(now.ingestion)));
}

// Gives the columns of the definition before the names that they have now, so that the two are compared column by column.
void rename_columns(model::Dataset &before, const model::Dataset &now, const FormerNames &were)
{
    for (const auto &[position, name] : were) {
        for (model::Column &column : before.columns)
            if (column.name == name)
                column.name = now.columns[position].name;
        std::replace(before.primary_key.begin(), before.primary_key.end(), name, now.columns[position].name);
    }
}

// The tables of a dataset that leaves stay, and nothing fails. So only this warning shows that it was left out by mistake.
void check_leaving(model::Report &problems, const Candidate &candidate, std::size_t index, int store_id,
                   const std::string &pointer)
{
    const model::Store &store = candidate.document.stores[index];
    std::set<std::string_view> staying;
    for (std::size_t d = 0; d < store.datasets.size(); ++d)
        staying.insert(candidate.identity.dataset_before(candidate.document, index, d));
    for (const catalog::Dataset &dataset : catalog::datasets_of_store(store_id))
        if (!staying.contains(dataset.name))
            problems.add({model::Severity::warning, pointer, "leaves_the_model",
                          "dataset \"" + dataset.name + "\" of store \"" + store.name +
                              "\" leaves the model; its tables stay as they are and are not filled any more",
                          "If it was renamed, say so by \"was\"."});
}

bool has_tables(const Candidate &candidate, std::size_t index, int store_id)
{
    for (std::size_t d = 0; d < candidate.document.stores[index].datasets.size(); ++d) {
        std::optional<catalog::Dataset> const before =
            catalog::find_dataset(store_id, candidate.identity.dataset_before(candidate.document, index, d));
        if (before && before->reconciled_digest)
            return true;
    }
    return false;
}

Move move_of(const Candidate &candidate, std::size_t index)
{
    const model::Store &store = candidate.document.stores[index];
    std::optional<catalog::Store> const existing = candidate.existing_store(index);
    if (!existing)
        return {};
    Move const move{!store.schema.empty() && existing->schema != store.schema, existing->owner != store.owner};
    return (move.schema || move.owner) && has_tables(candidate, index, existing->id) ? move : Move();
}

} // namespace

std::vector<Move> find_moves(const Candidate &candidate)
{
    std::vector<Move> moves;
    for (std::size_t i = 0; i < candidate.document.stores.size(); ++i)
        moves.push_back(candidate.changed_stores[i] ? move_of(candidate, i) : Move());
    return moves;
}

void check_change(model::Report &problems, const Candidate &candidate, std::size_t index, pg::TypeCache &types)
{
    const model::Store &store = candidate.document.stores[index];
    std::string const pointer = "/stores/" + std::to_string(index);
    std::optional<catalog::Store> const existing = candidate.existing_store(index);
    if (!existing)
        return;
    for (std::size_t d = 0; d < store.datasets.size(); ++d) {
        const std::string &name = candidate.identity.dataset_before(candidate.document, index, d);
        std::optional<catalog::Dataset> const before = catalog::find_dataset(existing->id, name);
        if (!before || !before->reconciled_digest)
            continue;
        std::string const pointer_here = pointer + "/datasets/" + std::to_string(d);
        if (candidate.is_misread(pointer_here))
            continue;
        Place const place{problems, pointer_here, before->id};
        model::Dataset definition = model::dataset_from_json(before->definition);
        rename_columns(definition, store.datasets[d], candidate.identity.columns_before(index, d));
        check_dataset(place, store.datasets[d], definition, types);
    }
    if (!candidate.is_misread(pointer + "/datasets"))
        check_leaving(problems, candidate, index, existing->id, pointer + "/datasets");
    Place const here{problems, pointer, 0};
    if (candidate.moves[index].schema)
        here.complain("/schema",
                      "the schema of data tables that exist changes from \"" + existing->schema + "\" to \"" +
                          store.schema + "\"",
                      store.schema == store.name && existing->schema == existing->name
                          ? "Without a \"schema\" it is the name of the store. Write \"schema\": " +
                                shown(existing->schema) + "."
                          : another_name);
    if (candidate.moves[index].owner)
        here.complain("/owner", "the owner of data tables that exist changes from \"" + existing->owner + "\" to \"" +
                                    store.owner + "\"");
}

} // namespace datasurface::definition
