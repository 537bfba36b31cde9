// Private to reconcile: the views of a sink.
#pragma once

#include <set>
#include <vector>

#include "model/types.hpp"
#include "pg/type.hpp"
#include "reconcile/attempt.hpp"
#include "reconcile/inspect_views.hpp"
#include "reconcile/plan_views.hpp"

namespace datasurface::reconcile {

// Creates, replaces and drops the sink's views to match the model.
void reconcile_sink(Results &results, Sources &sources, const model::Sink &sink, pg::TypeCache &types);

// The same, within a change of the tables: they are as `tables` says, and locked.
void reconcile_sink_on(Results &results, Sources &sources, const model::Sink &sink, const shape::Shape &tables,
                       pg::TypeCache &types);

// What reconcile_sink will do once the tables are as `tables` says (nullptr: they stay as they are) and these views are dropped.
std::vector<Step> planned_views(Sources &sources, const model::Sink &sink, const shape::Shape *tables,
                                const std::set<sqltext::Qualified> &dropped, pg::TypeCache &types);

} // namespace datasurface::reconcile
