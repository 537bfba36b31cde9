// Private to reconcile: what is there under names that the model wants.
#pragma once

#include <string>
#include <vector>

#include "catalog/relation.hpp"
#include "reconcile/plan.hpp"
#include "sqltext/sqltext.hpp"

namespace datasurface::reconcile {

bool schema_exists(const std::string &name);

// Without their columns. owner: who they should belong to.
Actual inspect_relations(const std::string &schema, const std::vector<std::string> &names, const std::string &owner);

// Of a table, in their order, system columns included; none: there is no such table.
std::vector<std::string> columns_of(const sqltext::Qualified &table);

// What a record says was made, and how the object differs from it by now. owner: who it belonged to.
Made made(const catalog::Relation &relation, const std::string &owner);

} // namespace datasurface::reconcile
