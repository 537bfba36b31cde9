// Private to reconcile: the primary key of a merge table, and how it is put back where somebody dropped it.
#pragma once

#include <optional>
#include <string>

#include "base/error.hpp"
#include "reconcile/plan.hpp"
#include "shape/tables.hpp"

namespace datasurface::reconcile {

// "id", "day": the columns of the key
std::string key_sql(const shape::Shape &shape);

// The constraint, for CREATE TABLE and ALTER TABLE.
std::string primary_key_sql(const shape::Shape &shape);

// Nothing where no two rows can have the same key. Throws SF004 where the table has a primary key of other columns.
std::optional<Step> plan_key(const shape::Shape &shape, const ActualRelation &merge);

// Why the key could not be put back: in PostgreSQL's words it is an index that could not be made.
Error key_is_shared(const shape::Shape &shape);

} // namespace datasurface::reconcile
