// Another name, schema or owner of the objects of a dataset.
#pragma once

#include "change/tables.hpp"

namespace datasurface::change {

// Throws SF004 when an object belongs to a role that it was not made for, and 42P07 when its new name is taken.
void move_objects(Tables &tables);

} // namespace datasurface::change
