// Private to reconcile: what is there of a dataset that has left the model.
#pragma once

#include <string>
#include <vector>

#include "catalog/dataset.hpp"
#include "catalog/relation.hpp"
#include "change/drop_dataset.hpp"

namespace datasurface::reconcile {

// Its tables, its function and all views on it.
std::vector<change::Dropped> inspect_orphan(const std::vector<catalog::Relation> &records);

// Objects of others that depend on one of these that exist, or on what goes with it, such as the type of its rows.
std::vector<std::string> inspect_dependents(const std::vector<change::Dropped> &objects);

} // namespace datasurface::reconcile
