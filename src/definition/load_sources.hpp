// Private to definition: stores the sources and credentials of a checked document.
#pragma once

#include <string>

#include "definition/check.hpp"

namespace datasurface::definition {

// Before the stores are saved, which refer to them. Where a source has moved, the datasets of stores that the document does not name are
// outdated too.
void save_sources(const Candidate &candidate, const std::string &caller);

} // namespace datasurface::definition
