// Private to reconcile: the tables of a dataset as they are.
#pragma once

#include <vector>

#include "catalog/relation.hpp"
#include "reconcile/plan_tables.hpp"
#include "shape/tables.hpp"

namespace datasurface::reconcile {

struct ActualDataset {
    Actual actual;                          // the tables with their columns, the function, and which of them are ours
    std::vector<catalog::Relation> records; // what we made for the dataset, views of consumers too
    std::vector<Dependent> views;           // of consumers, that exist; looked for only where a table is missing
};

ActualDataset inspect_dataset(const shape::Shape &shape, int dataset_id);

} // namespace datasurface::reconcile
