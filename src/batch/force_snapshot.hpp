// A pull that is whole, though the dataset has a watermark.
#pragma once

#include <string>

namespace datasurface::batch {

// The next pull of the dataset reads all its rows. Of a dataset without a watermark each pull does. Throws what begin_work does; SF010
// when the stream has no such dataset, 0A000 when its rows are pushed.
void force_snapshot(const std::string &stream, const std::string &dataset);

} // namespace datasurface::batch
