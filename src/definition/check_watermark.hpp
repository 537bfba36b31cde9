// Private to definition: tries the marks of a dataset in the database.
#pragma once

#include <optional>
#include <string>

#include "ingest/plan_columns.hpp"
#include "model/report.hpp"
#include "model/types.hpp"

namespace datasurface::definition {

// What needs no table: also where the rows come from a source.
void check_watermark(model::Report &problems, const model::Dataset &dataset, const std::string &pointer);

// As the owner of the store, when the query or table itself has no problem.
void try_watermark(model::Report &problems, const model::Dataset &dataset, const std::string &pointer);

// As the owner of the extension.
void check_mark_index(model::Report &problems, const model::Dataset &dataset, const std::string &pointer);

// Columns of the query that its watermark uses are not superfluous.
void leave_out_used(ingest::Fit &fit, const model::Dataset &dataset);

} // namespace datasurface::definition
