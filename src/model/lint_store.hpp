// Private to lint: a store and its datasets.
#pragma once

#include "base/interrupts.hpp"
#include "model/lint_known.hpp"
#include "model/report.hpp"
#include "model/types.hpp"

namespace datasurface::model {

void lint_dataset(const Dataset &dataset, const Pointer &at, Report &report);
void lint_store(const Store &store, const Known &known, const Pointer &at, Report &report,
                CheckInterrupts check_interrupts);

} // namespace datasurface::model
