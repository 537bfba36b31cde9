// Another schema of a workspace, another name of a sink, and another owner of a store.
#pragma once

#include "change/view.hpp"

namespace datasurface::change {

Step change_view_owner(const sqltext::Qualified &view, const std::string &owner);

// A view that gets another owner must be replaced, so that this is recorded.
bool gets_another_owner(const WantedView &wanted, const ActualView &actual);

// Answers false when it may not get it: then nothing about it can change.
bool settle_owner(Views &views, const WantedView &wanted, const ActualView &actual);

// Where it is to get another schema or name and may not yet, `wanted` keeps the present ones. anew: the view is created again.
// is_free: nothing has the wanted name. Throws 42P07 else.
void settle_name(Views &views, WantedView &wanted, const ActualView &actual, bool anew, bool is_free);

} // namespace datasurface::change
