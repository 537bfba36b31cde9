// Private to the model: the members of a workspace and of the whole document, and where their values go. The tables in the
// .cpp file list every member.
#pragma once

#include "model/slot.hpp"
#include "model/types.hpp"

namespace datasurface::model {

Slot slot(Workspace &workspace);
Slot slot(Model &model);

} // namespace datasurface::model
