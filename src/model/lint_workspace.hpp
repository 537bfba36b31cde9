// Private to lint: a workspace and its sinks.
#pragma once

#include "base/interrupts.hpp"
#include "model/lint_known.hpp"
#include "model/report.hpp"
#include "model/types.hpp"

namespace datasurface::model {

void lint_workspace(const Workspace &workspace, const Known &known, const Pointer &at, Report &report,
                    CheckInterrupts check_interrupts);

} // namespace datasurface::model
