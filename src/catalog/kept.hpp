// Keeps what batches need of a dataset's definition for the session: reading a definition and looking up its types takes longer
// than merging a hundred rows.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "catalog/dataset.hpp"
#include "catalog/store.hpp"
#include "ingest/plan_pull.hpp"
#include "pg/type.hpp"
#include "shape/tables.hpp"

namespace datasurface::catalog {

// The shape has no descriptions: the digest does not cover them, so they may have changed.
struct Kept {
    std::string digest;       // of the definition
    std::string rules_digest; // of its brakes, checks and references
    model::Ingestion ingestion = model::Ingestion::push;
    ingest::Pull pull;                                 // of a pull
    std::shared_ptr<const model::Watermark> watermark; // of sql_watermark
    shape::Shape shape;
    std::shared_ptr<const model::Rules> rules;

    std::vector<std::uint32_t> types; // of its columns
    std::uint64_t changes = 0;        // of these types, when they were looked up
    bool may_be_kept = true;
};

// The kept value of a dataset; nullptr when there is none for this state of its row and store. The value lives as long as the
// returned pointer, even when the cache drops it.
std::shared_ptr<const Kept> find_kept(const Store &store, const Dataset &row);

// Makes the value from the definition, and keeps it. Throws SF004 when a type no longer exists.
std::shared_ptr<const Kept> make_kept(const Store &store, const Dataset &row, const model::Dataset &definition,
                                      pg::TypeCache &types);

// False when a type of its columns may have been changed, or dropped and made again, since it was looked up.
bool is_current(const Kept &kept);

} // namespace datasurface::catalog
