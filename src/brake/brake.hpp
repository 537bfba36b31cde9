// brake: decides by the counts of a merge which brakes of a dataset trip, or nearly so, and says it in words. Pure.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "model/rules.hpp"

namespace datasurface::brake {

// Rows of a dataset, before the merge is published.
struct Counts {
    std::int64_t there = 0;   // in the merge table before the merge
    bool window = false;      // what is not staged stays
    std::int64_t staged = 0;  // surplus ones too
    std::int64_t surplus = 0; // staged rows that another of the same key replaces
    std::int64_t inserted = 0;
    std::int64_t updated = 0;
    std::int64_t deleted = 0;
    std::optional<double>
        usual_rows; // mean of the staged rows of the last committed snapshots; none: there is no such batch
};

struct Trip {
    std::string_view brake; // its name in the model
    model::Action action;   // warn, hold or fail; off: it is nearly reached, and does nothing
    std::int64_t count;     // rows that were counted
    std::int64_t total;     // rows that they were compared with
    std::string threshold;  // what the model allows: "1000 rows or 30 %"
    std::string message;    // "the batch deletes 1500 of 2000 rows (75 %); the brake allows 1000 rows or 30 %"
};

// pulled: by a query; nobody says there that a snapshot without rows is meant. In the order of model::all_brakes.
// A dataset that has no rows yet has no brakes. Of those that would stop the batch, and count rows of it, it is told when 80 % of
// each threshold is reached. A batch that changes nothing is near nothing.
std::vector<Trip> trips(const model::Brakes &brakes, const Counts &counts, bool pulled);

} // namespace datasurface::brake
