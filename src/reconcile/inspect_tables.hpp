// Private to reconcile: reads the existing tables of a dataset.
#pragma once

#include <vector>

#include "catalog/relation.hpp"
#include "reconcile/plan_tables.hpp"
#include "shape/tables.hpp"

namespace datasurface::reconcile {

struct ActualDataset {
    Actual actual;                          // the tables with their columns, the function, and which of them we made
    std::vector<catalog::Relation> records; // all objects that we made for the dataset, including views of consumers
    std::vector<Dependent> views;           // existing views of consumers; read only when a table is missing
};

ActualDataset inspect_dataset(const shape::Shape &shape, int dataset_id);

} // namespace datasurface::reconcile
