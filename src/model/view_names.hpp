// Private to the model: the names of views that a workspace makes of the names of its sinks, such as "{store}_{dataset}".
#pragma once

#include <string>
#include <string_view>

#include "model/types.hpp"

namespace datasurface::model {

// What is wrong with it, as the end of a sentence; empty: nothing.
std::string fault_of_view_names(std::string_view names);

// The name for a sink that gives none. names: without a fault; empty: the name of the dataset.
std::string view_name(std::string_view names, const Group &group, const Sink &sink);

} // namespace datasurface::model
