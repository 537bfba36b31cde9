// Private to the model: where the values of a workspace, and of the whole document, go. The tables in the .cpp file name every
// member.
#pragma once

#include "model/slot.hpp"
#include "model/types.hpp"

namespace datasurface::model {

Slot slot(Workspace &workspace);
Slot slot(Model &model);

} // namespace datasurface::model
