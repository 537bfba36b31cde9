// Private to definition: what may change about a store whose tables exist.
#pragma once

#include "definition/check.hpp"
#include "pg/type.hpp"

namespace datasurface::definition {

// Adds a problem for each difference from the loaded model that ds_reconcile_schema cannot bring about.
// store: its index in the document. What could not be read differs from everything, and is passed over.
void check_change(model::Problems &problems, const Candidate &candidate, std::size_t store, pg::TypeCache &types);

} // namespace datasurface::definition
