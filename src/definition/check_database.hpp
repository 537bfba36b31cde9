// Private to definition: the checks of a document that need the database.
#pragma once

#include "definition/check.hpp"
#include "shape/claims.hpp"

namespace datasurface::definition {

// Checks types, queries, names that exist in the database, and changes that reconcile cannot make. Does not check parts of the
// document that are loaded already.
model::Problems check_database(const Candidate &candidate, const std::vector<shape::Claim> &claims,
                               const model::Model &kept, const std::string &caller);

} // namespace datasurface::definition
