// Writes sources and credentials as JSON. As write.hpp does it for the other parts of a model.
#pragma once

#include <string>

#include "model/source.hpp"

namespace datasurface::model {

std::string to_json(const Source &source);
std::string to_json(const Credential &credential);

std::string place_json(const Place &place);

} // namespace datasurface::model
