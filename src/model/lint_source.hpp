// Private to lint: sources and credentials.
#pragma once

#include "model/lint_known.hpp"
#include "model/report.hpp"
#include "model/types.hpp"

namespace datasurface::model {

void lint_source(const Source &source, const Known &known, const Pointer &at, Report &report);
void lint_credential(const Credential &credential, const Pointer &at, Report &report);

// Sources that the document does not name, and that use a credential which it does. kept: that part of the loaded model
void lint_kept_sources(const Model &document, const Model &kept, Report &report);

} // namespace datasurface::model
