// Private to definition: what may change about a store whose tables exist.
#pragma once

#include "definition/check.hpp"
#include "model/report.hpp"
#include "pg/type.hpp"

namespace datasurface::definition {

// One Move per store of the document; empty for stores that do not change.
std::vector<Move> find_moves(const Candidate &candidate);

// Adds a problem for each difference from the loaded model that ds_reconcile_schema cannot make in the tables.
// index: of the store in the document. Values that could not be read are not compared.
void check_change(model::Report &problems, const Candidate &candidate, std::size_t index, pg::TypeCache &types);

} // namespace datasurface::definition
