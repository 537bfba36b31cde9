// Private to definition: what may change about a store whose tables exist.
#pragma once

#include "definition/check.hpp"
#include "model/report.hpp"

namespace datasurface::definition {

// Adds a problem for each difference from the loaded model that no step of ds_reconcile_schema can bring about. What the others cost
// is told by their plan. index: of the store in the document. Values that could not be read are not compared.
void check_change(model::Report &problems, const Candidate &candidate, std::size_t index);

} // namespace datasurface::definition
