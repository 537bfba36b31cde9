// The statements that ask the checks and references of a dataset.
#pragma once

#include <string>
#include <vector>

#include "merge/plan_changes.hpp"
#include "model/rules.hpp"
#include "shape/tables.hpp"

namespace datasurface::merge {

// Returns one row: for each check, the number of rows that break it.
sqltext::Statement plan_checks(const shape::Shape &shape, const std::vector<model::Check> &checks,
                               const RowSource &rows);

// Returns the keys of the first rows that break the check, one text each.
sqltext::Statement plan_broken_keys(const shape::Shape &shape, const model::Check &check, const RowSource &rows);

// Rows of the dataset that refer to no row of the other. Of each statement like the two above.
sqltext::Statement plan_reference(const shape::Shape &shape, const shape::Shape &other,
                                  const model::Reference &reference);
sqltext::Statement plan_dangling_keys(const shape::Shape &shape, const shape::Shape &other,
                                      const model::Reference &reference);

} // namespace datasurface::merge
