// Stores a checked document as the model.
#pragma once

#include <string>
#include <vector>

namespace datasurface::definition {

struct Loaded {
    int version = 0;
    std::vector<std::string> warnings; // "pointer: message"
};

// Throws SF001 with one line per error in the detail; then nothing is changed. A document that changes nothing makes no new
// version.
Loaded load(const std::string &text, bool replace, const std::string &caller);

} // namespace datasurface::definition
