// Another name or schema of the objects of a dataset.
#pragma once

#include "change/tables.hpp"

namespace datasurface::change {

// Throws 42P07 when the new name of an object is taken.
void move_objects(Tables &tables);

} // namespace datasurface::change
