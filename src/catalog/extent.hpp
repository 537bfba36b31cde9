// How much the loaded model has.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace datasurface::catalog {

struct StoreExtent {
    std::string name;
    bool is_multi = false; // all its datasets commit in one batch
    std::int64_t live = 0;
    std::int64_t milestoned = 0;
    std::int64_t live_sinks = 0; // of consumers, on its datasets
    std::int64_t milestoned_sinks = 0;
};

std::vector<StoreExtent> extents(); // of the stores in the model

// Relations of the database that pg_dump locks and that are none of the model's; datasets that have their tables.
struct Present {
    std::int64_t others = 0;
    std::int64_t made_datasets = 0;
    std::int64_t catalog_bytes = 0; // of PostgreSQL's catalogs in this database, and ours
};

Present present();

} // namespace datasurface::catalog
