// Private to definition: what only the database can say about a document.
#pragma once

#include "definition/check.hpp"
#include "shape/claims.hpp"

namespace datasurface::definition {

// Types, queries, names that others have, and changes that a first cut of reconcile cannot make.
// Parts of the document that are loaded already are not asked about again.
model::Problems check_database(const Candidate &candidate, const std::vector<shape::Claim> &claims,
                               const std::string &caller);

} // namespace datasurface::definition
