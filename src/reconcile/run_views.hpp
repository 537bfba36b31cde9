// Private to reconcile: what running the plans of tables and of views has in common, and the views.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "catalog/workspace.hpp"
#include "model/types.hpp"
#include "pg/type.hpp"
#include "reconcile/plan_tables.hpp"
#include "reconcile/run.hpp"

namespace datasurface::reconcile {

using Results = std::vector<Result>;

// Runs body under a savepoint; what it did joins the results, or its failure does.
void attempt(Results &results, const std::string &object, const std::function<void(Results &)> &body);

// Runs one DDL statement in a role's name, under datasurface.ddl_lock_timeout.
void execute_step(Results &results, const std::string &role, const Step &step);

// Creates or replaces the views of one sink.
void reconcile_sink(Results &results, const catalog::Workspace &workspace, const model::Sink &sink,
                    pg::TypeCache &types);

} // namespace datasurface::reconcile
