// Checks a parsed model without the database: the rules for names, and values that must agree with each other. Faults of
// a single value (missing, empty, out of range, no description) are reported by parse().
#pragma once

#include "base/interrupts.hpp"
#include "model/types.hpp"

namespace datasurface::model {

// document: the whole parsed document. kept: stores and workspaces of the loaded model that the document does not name.
// Problems point into the document only. But names must be unique in both, and sinks may refer to both.
Problems lint(const Model &document, const Model &kept, CheckInterrupts check_interrupts = never_interrupted);

} // namespace datasurface::model
