// Callers' run ids.
#pragma once

#include <optional>
#include <string>

namespace datasurface::batch {

// Throws 22023 for a run id that is blank, too long, or a placeholder. To be called before anything is looked up.
void check_run_id(const std::optional<std::string> &run_id);

} // namespace datasurface::batch
