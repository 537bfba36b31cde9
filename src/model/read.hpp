// From the JSON tree to typed values. Each reader takes any JSON at all, reports what is wrong, and answers a value.
#pragma once

#include "model/json.hpp"
#include "model/types.hpp"

namespace datasurface::model {

Model read_model(const Json &value, Report &report);
Store read_store(const Json &value, const Pointer &at, Report &report);
Access read_access(const Json &value, const Pointer &at, Report &report);
Dataset read_dataset(const Json &value, const Pointer &at, Report &report);
Workspace read_workspace(const Json &value, const Pointer &at, Report &report);

} // namespace datasurface::model
