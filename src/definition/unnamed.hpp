// Private to definition: the parts of the current version that a document does not name.
#pragma once

#include <vector>

#include "definition/check.hpp"

namespace datasurface::definition {

struct Unnamed {
    model::Model model;                    // what the checks of the document need of it; empty if they stay out of it
    std::vector<catalog::ModelPart> parts; // all
};

// current: the parts of the current version. are_kept: they stay in the model. Then those are read that the document can have to do
// with; of the others only the name, for a model may have very many of them.
Unnamed unnamed_parts(const Candidate &candidate, const std::vector<catalog::ModelPart> &current, bool are_kept);

} // namespace datasurface::definition
