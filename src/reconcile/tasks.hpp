// Private to reconcile: what there is to do, as tasks for attempt.
#pragma once

#include <memory>
#include <string>

#include "catalog/dataset.hpp"
#include "catalog/store.hpp"
#include "catalog/workspace.hpp"
#include "change/tables.hpp"
#include "model/types.hpp"
#include "pg/type.hpp"
#include "reconcile/attempt.hpp"
#include "reconcile/conditions.hpp"
#include "reconcile/inspect_views.hpp"
#include "reconcile/subjects.hpp"

namespace datasurface::reconcile {

Task schema_of_store(const catalog::Store &store);
Task schema_of_workspace(const catalog::Workspace &workspace, const std::string &description);
Task readers_of_workspace(const PermittedViews &views, const change::Allowed &allowed);
// types and conditions must live until the task has run.
Task tables_of(const catalog::Store &store, catalog::Dataset dataset, const change::Allowed &allowed,
               pg::TypeCache &types, Conditions &conditions);
Task views_of(std::shared_ptr<SeenStores> stores, const model::Sink &sink, const change::Allowed &allowed,
              pg::TypeCache &types);
Task leftover_of(const LeftoverView &view, const change::Allowed &allowed);

} // namespace datasurface::reconcile
