// Private to reconcile: what may change about a store whose tables exist.
#pragma once

#include <string>

#include "model/types.hpp"
#include "pg/type.hpp"

namespace datasurface::reconcile {

// Adds a problem for each difference from the loaded model that ds_reconcile_schema cannot bring about.
void check_change(model::Problems &problems, const model::Store &store, const std::string &pointer,
                  pg::TypeCache &types);

} // namespace datasurface::reconcile
