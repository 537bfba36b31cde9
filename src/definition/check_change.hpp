// Private to definition: what may change about a store whose tables exist.
#pragma once

#include "definition/check.hpp"
#include "model/report.hpp"
#include "pg/type.hpp"

namespace datasurface::definition {

// By index in the document; nothing for stores that are as they were.
std::vector<Move> find_moves(const Candidate &candidate);

// Adds a problem for each difference from the loaded model that ds_reconcile_schema cannot bring about.
// store: its index in the document. What could not be read differs from everything, and is passed over.
void check_change(model::Report &problems, const Candidate &candidate, std::size_t store, pg::TypeCache &types);

} // namespace datasurface::definition
