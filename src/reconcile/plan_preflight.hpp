// Which settings of the server will not do for the loaded model, and what they should be. docs/operations.md justifies each number.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace datasurface::reconcile {

// A store of the model.
struct StoreSize {
    std::string name;
    bool is_multi = false;
    std::int64_t live = 0; // datasets
    std::int64_t milestoned = 0;
    std::int64_t live_sinks = 0;
    std::int64_t milestoned_sinks = 0;

    std::int64_t datasets() const { return live + milestoned; }
};

struct ServerSettings {
    std::int64_t max_locks = 64; // max_locks_per_transaction
    std::int64_t max_connections = 100;
    std::int64_t max_prepared = 0;             // max_prepared_transactions
    std::int64_t naptime = 60;                 // autovacuum_naptime, seconds
    std::int64_t shared_buffers = 128LL << 20; // bytes
    bool autovacuum = true;
    bool track_counts = true;
};

struct DatabaseSize {
    std::int64_t others = 0;        // relations that pg_dump locks, and that are none of the model's
    std::int64_t made_datasets = 0; // of the model, that have their tables
    std::int64_t catalog_bytes = 0;
};

struct Advice {
    std::string setting;
    std::string value;
    std::string wanted;
    std::string reason;
    std::string severity; // error: something fails; warning: something becomes slow, or can be done in another way
};

std::vector<Advice> plan_preflight(const std::vector<StoreSize> &stores, const DatabaseSize &database,
                                   const ServerSettings &settings);

} // namespace datasurface::reconcile
