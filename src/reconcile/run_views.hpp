// Private to reconcile: the views of a sink.
#pragma once

#include "model/types.hpp"
#include "pg/type.hpp"
#include "reconcile/attempt.hpp"
#include "reconcile/inspect_views.hpp"

namespace datasurface::reconcile {

// Creates, replaces and drops the sink's views to match the model.
void reconcile_sink(Results &results, Sources &sources, const model::Sink &sink, pg::TypeCache &types);

// The same, within a change of the tables: they are as `tables` says, and locked.
void reconcile_sink_on(Results &results, Sources &sources, const model::Sink &sink, const shape::Shape &tables,
                       pg::TypeCache &types);

} // namespace datasurface::reconcile
