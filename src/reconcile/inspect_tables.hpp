// Private to reconcile: reads the existing tables of datasets.
#pragma once

#include <string>
#include <vector>

#include "catalog/dataset.hpp"
#include "catalog/relation.hpp"
#include "change/actual.hpp"
#include "shape/tables.hpp"

namespace datasurface::reconcile {

struct ActualDataset {
    change::Actual actual;
    std::vector<catalog::Relation> records; // all objects that we made for the dataset, including views of consumers
};

ActualDataset inspect_dataset(const shape::Shape &shape, const catalog::Dataset &dataset);

} // namespace datasurface::reconcile
