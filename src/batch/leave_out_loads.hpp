// Which datasets of a stream are in their first load, and so no part of it.
#pragma once

#include <map>
#include <vector>

#include "catalog/dataset.hpp"
#include "catalog/load.hpp"
#include "catalog/stream.hpp"

namespace datasurface::batch {

// Takes those out of the rows whose load is not complete. Returns the loads that are, by dataset. A stream that has no snapshot of its source yet
// gets that of a load: what is behind it goes backwards.
std::map<int, catalog::Load> leave_out_loads(catalog::Stream &stream, std::vector<catalog::Dataset> &rows);

} // namespace datasurface::batch
