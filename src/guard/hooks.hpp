// guard: one rule for the code of others.
//
// A batch runs in its caller's session, and the work on data as the store's owner. Functions that the owner brings along, in a
// query, a trigger, a constraint, would run there too: they may find the caller's cursors, locks and settings. So while a call
// of ours is under way, a function that is not harmless (harmless.hpp) runs as a role only if the user at the call, the
// session's user and the authenticated one each are that role, or have no right that it lacks; or the role is in
// datasurface.trusted_owners. Any other is refused, with 42501, at the moment when it is looked up to be called.
#pragma once

namespace datasurface::guard {

// Puts the hooks in place that hold this rule; once, when the library is loaded.
void install();

} // namespace datasurface::guard
