// Another schema of a workspace, and another owner of a store.
#pragma once

#include "change/view.hpp"

namespace datasurface::change {

Step change_view_owner(const sqltext::Qualified &view, const std::string &owner);

// Answers true when the view gets another owner. It must be replaced then, so that this is recorded.
bool settle_owner(Views &views, const WantedView &wanted, const ActualView &actual);

// Where it is to move to another schema and may not yet, `wanted` stays in the present one. anew: the view is created again.
// is_free: nothing has the wanted name. Throws 42P07 else.
void settle_schema(Views &views, WantedView &wanted, const ActualView &actual, bool anew, bool is_free);

} // namespace datasurface::change
