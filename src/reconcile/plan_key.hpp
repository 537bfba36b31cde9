// Private to reconcile: the primary key of a merge table, and its restoration when somebody dropped it.
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

// None when a unique index keeps the keys unique. Throws SF004 when the table has a primary key of other columns.
std::optional<Step> plan_key(const shape::Shape &shape, const ActualRelation &merge);

// The error for a key that could not be restored. PostgreSQL's own message would be about an index.
Error key_is_shared(const shape::Shape &shape);

} // namespace datasurface::reconcile
