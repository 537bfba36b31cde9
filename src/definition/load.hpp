// A checked document becomes the model.
#pragma once

#include <string>
#include <vector>

namespace datasurface::definition {

struct Loaded {
    int version = 0;
    std::vector<std::string> warnings; // "pointer: message"
};

// Throws SF001 with one line per error in the detail, and changes nothing then. A document that changes nothing is no
// new version.
Loaded load(const std::string &text, bool replace, const std::string &caller);

} // namespace datasurface::definition
