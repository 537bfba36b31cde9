// What is wrong with a model that can be read, without asking the database. What a single value shows by itself
// (missing, empty, out of range, no description) parse() has told; here are the rules for names, and what must fit
// together.
#pragma once

#include "base/interrupts.hpp"
#include "model/types.hpp"

namespace datasurface::model {

// document: what was parsed, whole. kept: stores and workspaces of the loaded model that the document leaves alone;
// problems point into the document only, but names of both must not collide and sinks may refer to both.
Problems lint(const Model &document, const Model &kept, CheckInterrupts check_interrupts = never_interrupted);

} // namespace datasurface::model
