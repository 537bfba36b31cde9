#include "catalog/relation.hpp"

#include "pg/spi.hpp"

namespace datasurface::catalog {

namespace {

// Version 0.1.0 called the key and the indexes of the history index. Their names tell them apart: each ends with a suffix of its own.
shape::RelationKind kind_of(const std::string &word, const std::string &name)
{
    if (word != "index")
        return shape::relation_kind(word);
    if (name.ends_with("_history_out_idx"))
        return shape::RelationKind::history_out_index;
    return name.ends_with("_history_key_idx") ? shape::RelationKind::history_key_index : shape::RelationKind::merge_key;
}

bool was_called_index(shape::RelationKind kind)
{
    return kind == shape::RelationKind::merge_key || kind == shape::RelationKind::history_out_index ||
           kind == shape::RelationKind::history_key_index;
}

// Of a line each: no name in a model has a line break.
std::set<std::string> roles_of(const std::string &lines)
{
    std::set<std::string> roles;
    for (std::size_t from = 0; from < lines.size(); from = lines.find('\n', from) + 1) {
        std::size_t const end = lines.find('\n', from);
        roles.insert(lines.substr(from, end - from));
        if (end == std::string::npos)
            break;
    }
    return roles;
}

// A row of 0.1.0 is found by the name alone: no table or view has a name of an index.
constexpr char this_one[] = " WHERE schema_name = $1 AND name = $2 AND (kind = $3 OR kind = 'index')";

std::string array_of(const std::vector<int> &ids)
{
    std::vector<std::string> texts;
    for (int const id : ids)
        texts.push_back(std::to_string(id));
    return sqltext::array_literal(texts);
}

std::vector<Relation> select(const char *condition, std::vector<sqltext::Value> arguments)
{
    pg::Rows const rows = pg::query_kept(
        {"relations",
         std::string(
             "SELECT r.schema_name, r.name, kind, dataset_id, workspace_id, r.definition,"
             " coalesce(nullif(r.owner, ''), s.owner), array_to_string(r.readers, E'\\n') FROM datasurface.relation r"
             " JOIN datasurface.dataset d USING (dataset_id) JOIN datasurface.store s USING (store_id) WHERE ") +
             condition,
         std::move(arguments)});
    std::vector<Relation> all;
    for (std::size_t row = 0; row < rows.size(); ++row) {
        Relation relation{{rows.text(row, 0), rows.text(row, 1)},
                          kind_of(rows.text(row, 2), rows.text(row, 1)),
                          rows.integer(row, 3),
                          std::nullopt,
                          rows.text(row, 5),
                          rows.text(row, 6)};
        if (!rows.is_null(row, 4))
            relation.workspace_id = rows.integer(row, 4);
        relation.readers = roles_of(rows.text(row, 7));
        all.push_back(std::move(relation));
    }
    return all;
}

} // namespace

std::vector<Relation> relations_of_dataset(int dataset_id)
{
    return select("dataset_id = $1", {dataset_id});
}

std::vector<Relation> relations_of_datasets(const std::vector<int> &dataset_ids)
{
    return select("dataset_id = ANY ($1::integer[])", {array_of(dataset_ids)});
}

// A statement of its own: batches plan it for the tables that there are, and reconcile must not go on with that plan.
std::vector<Relation> staging_of_datasets(const std::vector<int> &dataset_ids)
{
    return select("dataset_id = ANY ($1::integer[]) AND kind = 'staging'", {array_of(dataset_ids)});
}

std::vector<Relation> views_of_workspace(int workspace_id)
{
    return select("workspace_id = $1", {workspace_id});
}

std::vector<Relation> relations_named(const sqltext::Qualified &name)
{
    // With a list of names, or with the workspace as a condition, all relations of the schema or workspace would be read.
    return select("r.schema_name = $1 AND r.name = $2", {name.schema, name.name});
}

void save_relations(const std::vector<Relation> &relations)
{
    if (relations.empty())
        return;
    std::vector<std::string> schemas, names, kinds, datasets, workspaces, definitions, owners;
    for (const Relation &relation : relations) {
        if (was_called_index(relation.kind))
            pg::execute_kept(
                {"forget_old_relation",
                 "DELETE FROM datasurface.relation WHERE schema_name = $1 AND name = $2 AND kind = 'index'",
                 {relation.name.schema, relation.name.name}});
        schemas.push_back(relation.name.schema);
        names.push_back(relation.name.name);
        kinds.emplace_back(word(relation.kind));
        datasets.push_back(std::to_string(relation.dataset_id));
        workspaces.push_back(relation.workspace_id ? std::to_string(*relation.workspace_id) : "");
        definitions.push_back(relation.definition);
        owners.push_back(relation.owner);
    }
    using sqltext::array_literal;
    pg::execute_kept(
        {"save_relations",
         "INSERT INTO datasurface.relation (schema_name, name, kind, dataset_id, workspace_id, definition, owner)"
         " SELECT schema_name, name, kind, dataset_id, nullif(workspace, '')::integer, definition, owner"
         " FROM unnest($1::text[], $2::text[], $3::text[], $4::integer[], $5::text[], $6::text[], $7::text[])"
         "  m(schema_name, name, kind, dataset_id, workspace, definition, owner)"
         " ON CONFLICT (schema_name, name, kind) DO UPDATE SET dataset_id = EXCLUDED.dataset_id,"
         " workspace_id = EXCLUDED.workspace_id, definition = EXCLUDED.definition, owner = EXCLUDED.owner",
         {array_literal(schemas), array_literal(names), array_literal(kinds), array_literal(datasets),
          array_literal(workspaces), array_literal(definitions), array_literal(owners)}});
}

void rename_relation(const sqltext::Qualified &from, shape::RelationKind kind, const sqltext::Qualified &to)
{
    pg::execute_kept({"rename_relation",
                      std::string("UPDATE datasurface.relation SET schema_name = $4, name = $5, kind = $3") + this_one,
                      {from.schema, from.name, std::string(word(kind)), to.schema, to.name}});
}

void set_owner(int dataset_id, const std::string &owner)
{
    pg::execute_kept({"set_owner",
                      "UPDATE datasurface.relation SET owner = $2"
                      " WHERE dataset_id = $1 AND workspace_id IS NULL AND owner <> $2",
                      {dataset_id, owner}});
}

namespace {

constexpr char this_view[] = " WHERE schema_name = $1 AND name = $2 AND kind IN ('view', 'full_view')";

} // namespace

void save_reader(const sqltext::Qualified &view, const std::string &role)
{
    pg::execute_kept({"save_reader",
                      std::string("UPDATE datasurface.relation SET readers = readers || $3::text") + this_view +
                          " AND NOT $3 = ANY (readers)",
                      {view.schema, view.name, role}});
}

void forget_reader(const sqltext::Qualified &view, const std::string &role)
{
    pg::execute_kept({"forget_reader",
                      std::string("UPDATE datasurface.relation SET readers = array_remove(readers, $3)") + this_view,
                      {view.schema, view.name, role}});
}

void forget_relation(const sqltext::Qualified &name, shape::RelationKind kind)
{
    pg::execute_kept({"forget_relation",
                      std::string("DELETE FROM datasurface.relation") + this_one,
                      {name.schema, name.name, std::string(word(kind))}});
}

} // namespace datasurface::catalog
