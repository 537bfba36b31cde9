// Private to reconcile: reads the facts for the plan of the names of a workspace's views.
#pragma once

#include <vector>

#include "catalog/relation.hpp"
#include "catalog/workspace.hpp"
#include "reconcile/plan_view_names.hpp"

namespace datasurface::reconcile {

// workspace: in the model. records: its views.
RenamedViews renamed_views(const catalog::Workspace &workspace, const std::vector<catalog::Relation> &records);

} // namespace datasurface::reconcile
