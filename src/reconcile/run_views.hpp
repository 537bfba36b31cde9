// Private to reconcile: the views of sinks.
#pragma once

#include "catalog/workspace.hpp"
#include "model/types.hpp"
#include "pg/type.hpp"
#include "reconcile/attempt.hpp"

namespace datasurface::reconcile {

// Creates or replaces the views of one sink.
void reconcile_sink(Results &results, const catalog::Workspace &workspace, const model::Sink &sink,
                    pg::TypeCache &types);

} // namespace datasurface::reconcile
