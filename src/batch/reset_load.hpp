// A first load that begins anew.
#pragma once

#include <string>

namespace datasurface::batch {

// What was loaded is removed by the next step of the load. Throws what begin_work does; SF010 when the stream has no such dataset, SF013 when
// it is published, 55P03 while a chunk of it is loaded.
void reset_load(const std::string &stream, const std::string &dataset);

} // namespace datasurface::batch
