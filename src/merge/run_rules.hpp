// Asks the checks and references of a dataset, as the owner of its tables.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "merge/plan_changes.hpp"
#include "model/rules.hpp"
#include "pg/spi.hpp"

namespace datasurface::merge {

// A check or reference that rows break.
struct Broken {
    std::string rule;
    model::Action action;
    std::int64_t rows;
    std::string keys; // of some of them
};

// All checks in one pass over the rows that are inserted or updated. Called while the changes are inspected, as the owner.
// Throws SF001 when a condition is not one expression, 42501 when it calls what must not run as the owner, and what a condition raises for a row, with the check.
std::vector<Broken> broken_checks(const shape::Shape &shape, const std::vector<model::Check> &checks, Changes &changes,
                                  const pg::Snapshot &snapshot);

// The rows of the dataset that refer to nothing in the other, with what this transaction has merged.
std::int64_t dangling_rows(const shape::Shape &shape, const shape::Shape &other, const model::Reference &reference,
                           const pg::Snapshot &snapshot, std::string &keys);

} // namespace datasurface::merge
