// Private to the model: where "first_load" goes, of a dataset and of a store.
#pragma once

#include <optional>

#include "model/slot.hpp"
#include "model/types.hpp"

namespace datasurface::model {

// The word "whole" leaves it empty.
Slot first_load_slot(std::optional<FirstLoad> &first_load);

} // namespace datasurface::model
