// The statements of consumer views. They are replaced without losing grants. A view belongs to the owner of the store whose rows it
// shows, so that a consumer needs no right on the tables.
#pragma once

#include <string>

#include "shape/tables.hpp"

namespace datasurface::reconcile {

// Current rows, the columns of the model.
std::string current_view(const sqltext::Qualified &name, const shape::Shape &shape);

// All versions of a milestoned dataset, with the batches they were born and last seen in.
std::string full_view(const sqltext::Qualified &name, const shape::Shape &shape);

} // namespace datasurface::reconcile
