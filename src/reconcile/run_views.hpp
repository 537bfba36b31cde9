// Private to reconcile: the views of a sink.
#pragma once

#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "model/types.hpp"
#include "pg/type.hpp"
#include "reconcile/attempt.hpp"
#include "reconcile/inspect_views.hpp"
#include "reconcile/plan_views.hpp"
#include "reconcile/subjects.hpp"

namespace datasurface::reconcile {

// A view as a change of the tables leaves it.
struct ViewAfter {
    std::string owner;
    std::optional<change::ActualView> recreated; // when it is dropped and created again
};
using ViewsAfter = std::map<sqltext::Qualified, ViewAfter>; // by their names

// Changes the sink's views to match the model.
void reconcile_sink(Results &results, SeenStores &stores, const model::Sink &sink, const change::Allowed &allowed,
                    pg::TypeCache &types);

// What reconcile_sink will do if everything is allowed, once the tables are as `tables` says and the views on them as `after` says.
// nullptr: the tables stay as they are.
std::vector<Step> planned_views(SeenStores &stores, const model::Sink &sink, const shape::Shape *tables,
                                const ViewsAfter &after, pg::TypeCache &types);

// Drops a view that no sink is for, if that is allowed.
void reconcile_leftover(Results &results, const LeftoverView &view, const change::Allowed &allowed);
std::vector<Step> planned_leftover(const LeftoverView &view);

// Throws 42501 when the condition of a view calls what may not run in the session of whoever reads it.
void require_harmless(const sqltext::Qualified &view);

// Default privileges may have granted a role access that the store does not allow. Throws 42501 then.
// ours: whom reconcile has granted it, and revokes it from.
void require_readers(const sqltext::Qualified &view, const rights::SeenStore &seen, const std::string &workspace,
                     const std::set<std::string> &ours);

} // namespace datasurface::reconcile
