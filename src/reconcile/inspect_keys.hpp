// Private to reconcile: what keeps the keys of merge tables unique, and what an earlier part of a change has left on them.
#pragma once

#include <string>
#include <vector>

#include "change/actual.hpp"
#include "shape/tables.hpp"

namespace datasurface::reconcile {

struct MergeTable {
    std::string oid;
    change::ActualRelation &table; // is completed
    const change::Actual &actual;
    const shape::Shape &shape;
};

void inspect_keys(const std::vector<MergeTable> &tables);

} // namespace datasurface::reconcile
