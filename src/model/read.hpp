// Private to the model: where the values of a document go, part by part. The tables in the .cpp files name every member.
#pragma once

#include "model/slot.hpp"
#include "model/types.hpp"

namespace datasurface::model {

Slot slot(Model &model);
Slot slot(Store &store);
Slot slot(Access &access);
Slot slot(Dataset &dataset);
Slot slot(Workspace &workspace);

} // namespace datasurface::model
