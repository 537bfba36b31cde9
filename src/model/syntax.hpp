// Private to the model: JSON text into slots.
#pragma once

#include <string_view>

#include "base/interrupts.hpp"
#include "model/report.hpp"
#include "model/slot.hpp"

namespace datasurface::model {

// False after a syntax error, which is then the only problem, with its line and column; what the slots got is of no use.
bool read_json(std::string_view text, const Slot &root, Report &report, CheckInterrupts check_interrupts);

} // namespace datasurface::model
