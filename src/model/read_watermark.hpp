// Private to the model: reads the member "watermark" of an ingestion.
#pragma once

#include "model/slot.hpp"
#include "model/watermark.hpp"

namespace datasurface::model {

Slot watermark_slot(Watermark &watermark);

} // namespace datasurface::model
