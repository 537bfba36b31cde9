#pragma once

#include <optional>
#include <set>
#include <string>
#include <vector>

#include "shape/relation_kind.hpp"
#include "sqltext/sqltext.hpp"

namespace datasurface::catalog {

struct Relation {
    sqltext::Qualified name;
    shape::RelationKind kind = shape::RelationKind::merge;
    int dataset_id = 0;
    std::optional<int> workspace_id;
    std::string definition;             // the statement that created it
    std::string owner;                  // the role that it was made for
    std::set<std::string> readers = {}; // roles to which reconcile granted SELECT
};

std::vector<Relation> relations_of_dataset(int dataset_id);
std::vector<Relation> relations_of_datasets(const std::vector<int> &dataset_ids);
std::vector<Relation> staging_of_datasets(const std::vector<int> &dataset_ids);
std::vector<Relation> views_of_workspace(int workspace_id);
// All relations of one name, of any holder. Relations of different kinds may share a name.
std::vector<Relation> relations_named(const sqltext::Qualified &name);

void save_relations(const std::vector<Relation> &relations);
void rename_relation(const sqltext::Qualified &from, shape::RelationKind kind, const sqltext::Qualified &to);
// Of the dataset's tables, indexes and function.
void set_owner(int dataset_id, const std::string &owner);
// Records or forgets a role to which reconcile granted SELECT on a view.
void save_reader(const sqltext::Qualified &view, const std::string &role);
void forget_reader(const sqltext::Qualified &view, const std::string &role);
void forget_relation(const sqltext::Qualified &name, shape::RelationKind kind);

} // namespace datasurface::catalog
