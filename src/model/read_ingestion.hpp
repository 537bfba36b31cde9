// Private to the model: the members of a dataset's ingestion and where their values go.
#pragma once

#include "model/slot.hpp"
#include "model/types.hpp"

namespace datasurface::model {

Slot ingestion_slot(Dataset &dataset);

} // namespace datasurface::model
