// The function that gives a milestoned dataset as it was after a batch.
#pragma once

#include <optional>

#include "change/tables.hpp"

namespace datasurface::change {

// Throws SF004 when somebody changed the function, and 42P07 when its name is taken.
void make_as_of(Tables &tables);

// The step that gives the function an empty body, which refers to no column. None when there is no function.
std::optional<Step> empty_as_of(Tables &tables);

} // namespace datasurface::change
