// Private to the model: where brakes, checks and references go.
#pragma once

#include <memory>

#include "model/slot.hpp"

namespace datasurface::model {

// Made when something is said.
Slot brakes_slot(std::shared_ptr<Rules> &rules);
Slot when_held_slot(std::shared_ptr<Rules> &rules);
Slot checks_slot(std::shared_ptr<Rules> &rules);
Slot references_slot(std::shared_ptr<Rules> &rules);

} // namespace datasurface::model
