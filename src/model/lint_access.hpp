// Private to lint: who may use a store.
#pragma once

#include "model/lint_known.hpp"
#include "model/report.hpp"
#include "model/types.hpp"

namespace datasurface::model {

// what: "an operator"
void lint_roles(const Roles &roles, const Pointer &at, std::string_view what, Report &report);

void lint_access(const Access &access, const Known &known, const Pointer &at, Report &report);

} // namespace datasurface::model
