// Private to lint: who may use a store.
#pragma once

#include "model/lint_known.hpp"
#include "model/report.hpp"
#include "model/types.hpp"

namespace datasurface::model {

void lint_access(const Access &access, const Known &known, const Pointer &at, Report &report);

} // namespace datasurface::model
