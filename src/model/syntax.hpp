// Private to the model: parses JSON text and stores its values through slots.
#pragma once

#include <string_view>

#include "base/interrupts.hpp"
#include "model/report.hpp"
#include "model/slot.hpp"

namespace datasurface::model {

// False after a syntax error. It is then the only problem, with line and column, and the values stored so far are
// incomplete.
bool read_json(std::string_view text, const Slot &root, Report &report, CheckInterrupts check_interrupts);

} // namespace datasurface::model
