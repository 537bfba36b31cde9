// Private to reconcile: what only the database can say about a document.
#pragma once

#include "definition/check.hpp"
#include "shape/claims.hpp"

namespace datasurface::definition {

// Types, queries, names that others have, and changes that a first cut of reconcile cannot make.
// Parts of the document that are loaded already are not asked about again.
model::Problems check_database(const Candidate &candidate, const std::vector<shape::Claim> &claims,
                               const std::string &caller);

// Who may load what, which schemas may be claimed, and who may read whom. kept: the rest of the model, which the document
// does not name. What was loaded already is not refused; what is no longer allowed of it is a warning.
model::Problems check_rights(const Candidate &candidate, const model::Model &kept, const std::string &caller);

} // namespace datasurface::definition
