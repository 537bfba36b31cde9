// Private to reconcile: the tables of a dataset.
#pragma once

#include "catalog/dataset.hpp"
#include "catalog/store.hpp"
#include "change/tables.hpp"
#include "pg/type.hpp"
#include "reconcile/attempt.hpp"
#include "reconcile/conditions.hpp"

namespace datasurface::reconcile {

// Creates and changes the dataset's tables to match the model. Steps of classes that are not allowed are reported as waiting.
void reconcile_dataset(Results &results, const catalog::Store &store, const catalog::Dataset &unlocked,
                       const change::Allowed &allowed, pg::TypeCache &types, Conditions &conditions);

} // namespace datasurface::reconcile
