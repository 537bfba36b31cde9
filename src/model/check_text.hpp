// Private to the model: the check that every text of a document goes through.
#pragma once

#include <string>

#include "model/report.hpp"
#include "model/slot.hpp"

namespace datasurface::model {

// Reports a text that is blank or too long. False when it is blank.
bool check_text(const std::string &value, const BlankText &if_blank, std::size_t longest, const Pointer &at,
                Report &report);

} // namespace datasurface::model
