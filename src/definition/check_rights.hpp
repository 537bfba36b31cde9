// Private to definition: what a loader may bring into the model; the rules themselves are those of the room rights.
#pragma once

#include "definition/check.hpp"

namespace datasurface::definition {

// Who may load what, which schemas may be claimed, and who may read whom. kept: the rest of the model, which the document
// does not name. What was loaded already is not refused; what is no longer allowed of it is a warning.
model::Problems check_rights(const Candidate &candidate, const model::Model &kept, const std::string &caller);

} // namespace datasurface::definition
