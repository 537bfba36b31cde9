#pragma once

#include <map>
#include <optional>
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
    std::string definition; // the statement that made it
};

std::vector<Relation> relations_of_dataset(int dataset_id);
// Of one name, whoever has it: kinds may share it.
std::vector<Relation> relations_named(const sqltext::Qualified &name);
// A column as it is in one of the dataset's tables.
struct TableColumn {
    std::string type; // as format_type spells it
    bool not_null = false;
};

// Of that name, in the staging, merge and history tables that exist and have it.
std::map<shape::RelationKind, TableColumn> columns_in_tables(int dataset_id, const std::string &name);
void save_relation(const Relation &relation);
void forget_relation(const sqltext::Qualified &name, shape::RelationKind kind);

} // namespace datasurface::catalog
