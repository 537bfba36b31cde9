// Private to definition: what sinks show of their datasets. Their conditions are tried in the database.
#pragma once

#include "definition/check.hpp"
#include "model/report.hpp"
#include "pg/type.hpp"

namespace datasurface::definition {

// Of workspaces that the document changes, and of all workspaces over the datasets that it changes: a column may go that a sink shows.
// kept: the rest of the model.
void check_sinks(model::Report &problems, const Candidate &candidate, const model::Model &kept, pg::TypeCache &types);

} // namespace datasurface::definition
