// The errors for refusals of the plan.
#pragma once

#include "batch/work.hpp"

namespace datasurface::batch {

// Throws SF012, SF013 or SF014.
[[noreturn]] void refuse(const Work &work, Refusal refusal);

// How a person decides about a held batch, for a HINT.
std::string decision_hint(const std::string &stream, int batch, const std::vector<catalog::Finding> &findings);

} // namespace datasurface::batch
