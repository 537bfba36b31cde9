// Views that consumers lose.
#pragma once

#include "change/view.hpp"

namespace datasurface::change {

// Answers true when the view is dropped. It waits when lossy steps are not allowed, or objects of others depend on the view.
bool drop_view(Views &views, const ActualView &view, shape::RelationKind kind, const std::string &reason);

// The same as a step, for several that are taken together. role: its owner, or that of its schema, who may drop everything in it.
Step drop_step(Views &views, const ActualView &view, shape::RelationKind kind, const std::string &reason,
               Role role = Role::store_owner);

} // namespace datasurface::change
