// Tells who releases a batch why it is held anew.
#pragma once

#include "batch/work.hpp"

namespace datasurface::batch {

// A WARNING with the figures that were held and those that were found, and the rules that these break. ds_release_batch itself returns
// only HELD.
void warn_of_held_anew(const Work &work);

} // namespace datasurface::batch
