// Private to definition: who may load sources and credentials, and use them.
#pragma once

#include "definition/check.hpp"
#include "definition/check_roles.hpp"

namespace datasurface::definition {

// kept: the parts of the loaded model that the document does not name. A store that the document does not change is warned of, and
// not refused.
void check_sources(const RightsReport &report, const Candidate &candidate, const model::Model &kept);

} // namespace datasurface::definition
