// Private to definition: checks that the loader may load the document, by the rules of the room rights.
#pragma once

#include "definition/check.hpp"

namespace datasurface::definition {

// Checks that the caller may load the parts of the document, that schemas may be claimed, and that workspaces may read their
// stores. kept: the parts of the loaded model that the document does not name. A part that was loaded before is not refused; if
// it is no longer allowed, it gets a warning.
model::Problems check_rights(const Candidate &candidate, const model::Model &kept, const std::string &caller);

} // namespace datasurface::definition
