// guard: a store's owner gains no rights through the caller's session.
//
// A batch runs in its caller's session, and works on data as the store's owner. Functions of the owner, in a query, a trigger or
// a constraint, run in that session too, and could use the caller's cursors, locks and settings. So while a function of this
// extension runs, a function that is not harmless (harmless.hpp) may run as a role only if
// - the current user at the call, the session user and the authenticated user each are that role, or have no right that the
//   role lacks; or
// - the role is in datasurface.trusted_owners.
// Otherwise the function is refused with 42501 when PostgreSQL looks it up.
#pragma once

namespace datasurface::guard {

// Installs the hooks that enforce this rule. Called once, when the library is loaded.
void install();

} // namespace datasurface::guard
