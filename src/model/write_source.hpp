// Private to the model: writes sources and credentials as JSON.
#pragma once

#include <string>

#include "model/source.hpp"

namespace datasurface::model {

std::string place_json(const Place &place);

} // namespace datasurface::model
