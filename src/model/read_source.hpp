// Private to the model: the members of sources and credentials and where their values go.
#pragma once

#include "model/slot.hpp"
#include "model/types.hpp"

namespace datasurface::model {

Slot slot(Source &source);
Slot slot(Credential &credential);

} // namespace datasurface::model
