// Private to the model: where the values of a store go. The tables in the .cpp file name every member.
#pragma once

#include "model/slot.hpp"
#include "model/types.hpp"

namespace datasurface::model {

Slot slot(Store &store);
Slot slot(Access &access);
Slot slot(Dataset &dataset);

} // namespace datasurface::model
