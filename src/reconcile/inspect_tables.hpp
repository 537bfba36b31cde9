// Private to reconcile: reads the existing tables of datasets.
#pragma once

#include <string>
#include <vector>

#include "catalog/dataset.hpp"
#include "catalog/relation.hpp"
#include "change/actual.hpp"
#include "reconcile/inspect.hpp"
#include "shape/tables.hpp"

namespace datasurface::reconcile {

struct ActualDataset {
    change::Actual actual;
    std::vector<catalog::Relation> records; // all objects that we made for the dataset, including views of consumers
};

struct Subject {
    const shape::Shape &shape;
    const catalog::Dataset &dataset;
};

// Reads many datasets by as many statements as one. In the order of the subjects.
std::vector<ActualDataset> inspect_datasets(const std::vector<Subject> &subjects, Size size = Size::now);

} // namespace datasurface::reconcile
