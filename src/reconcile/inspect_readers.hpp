// Private to reconcile: reads who has been granted what, for the plan of the readers of a workspace.
#pragma once

#include <set>
#include <string>
#include <vector>

#include "change/readers.hpp"
#include "model/types.hpp"

namespace datasurface::reconcile {

std::vector<change::Reader> known_readers(const model::Roles &roles);

// The roles to which the owner of a view granted SELECT; "public" is PUBLIC.
std::set<std::string> readers_of_view(const sqltext::Qualified &view);

// The roles to which the owner of a schema, or this role, granted USAGE.
std::set<std::string> users_of_schema(const std::string &schema, const std::string &grantor);

} // namespace datasurface::reconcile
