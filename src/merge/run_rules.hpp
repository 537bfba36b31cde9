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

// All checks of a dataset, asked in one pass over the rows that are inserted or updated: while these are found, or else afterwards.
// As the tables' owner. Throws SF001 when a condition is not one expression, 42501 when it calls what must not run as the owner, and
// what a condition raises for a row, with the check.
class Checks : public Watcher {
public:
    // All of them must live as long.
    Checks(const shape::Shape &shape, const std::vector<model::Check> &checks, const pg::Snapshot &snapshot)
        : shape_(shape), checks_(checks), snapshot_(snapshot)
    {
    }

    void begin() override;
    void see(const RowSource &part) override;
    void end() override { saw_all_ = true; }

    std::vector<Broken> broken(Changes &changes);

private:
    const shape::Shape &shape_;
    const std::vector<model::Check> &checks_;
    const pg::Snapshot &snapshot_;
    bool are_harmless_ = false;
    bool saw_all_ = false;
    std::vector<std::int64_t> counts_; // of rows that break each
};

// The checks that rows of the merge table break, with what this transaction has merged.
std::vector<Broken> broken_in_table(const shape::Shape &shape, const std::vector<model::Check> &checks,
                                    const pg::Snapshot &snapshot);

// The rows of the dataset that refer to nothing in the other, with what this transaction has merged.
std::int64_t dangling_rows(const shape::Shape &shape, const shape::Shape &other, const model::Reference &reference,
                           const pg::Snapshot &snapshot, std::string &keys);

} // namespace datasurface::merge
