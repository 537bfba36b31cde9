// Private to reconcile: reads the existing objects under names that the model needs.
#pragma once

#include <string>
#include <vector>

#include "catalog/relation.hpp"
#include "reconcile/plan.hpp"
#include "sqltext/sqltext.hpp"

namespace datasurface::reconcile {

bool schema_exists(const std::string &name);

// Relations without their columns. owner: the role that should own them.
Actual inspect_relations(const std::string &schema, const std::vector<std::string> &names, const std::string &owner);

// The columns of a table in order, with our system columns; empty when the table does not exist.
std::vector<std::string> columns_of(const sqltext::Qualified &table);

// What ds_reconcile_schema recorded of an object, and how the object differs from it now. owner: the role that owned it.
Made made(const catalog::Relation &relation, const std::string &owner);

} // namespace datasurface::reconcile
