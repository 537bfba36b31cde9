// A fault for check_headers: it has no .cpp file at all.
#pragma once

namespace datasurface::shape {

void planted_alone();

} // namespace datasurface::shape
