// What works of a source, for people.
#pragma once

#include <string>
#include <vector>

namespace datasurface::batch {

struct SourceCheck {
    std::string check; // what was tried
    bool ok = false;
    std::string detail; // what was found, or the error; never a secret
    std::string hint;   // of the error, as a batch records it
};

// Connects to the source as each of its stores does, and asks whether each query of theirs can run. Changes nothing. Throws SF001 when the
// model has no such source, and 42501.
std::vector<SourceCheck> test_source(const std::string &source);

} // namespace datasurface::batch
