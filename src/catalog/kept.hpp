// What batches need of a dataset's definition, kept for the session: reading a definition and looking up its types takes longer
// than to merge a hundred rows.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "catalog/dataset.hpp"
#include "catalog/store.hpp"
#include "pg/type.hpp"
#include "shape/tables.hpp"

namespace datasurface::catalog {

// Without descriptions, which the digest leaves out: they may have changed since.
struct Kept {
    std::string digest; // of the definition
    model::Ingestion ingestion = model::Ingestion::push;
    std::string query;
    shape::Shape shape;

    std::vector<std::uint32_t> types; // of its columns
    std::uint64_t changes = 0;        // of these types, when they were looked up
    bool may_be_kept = true;
};

// What is kept of a dataset, by its row and store as they are now; nullptr when that is nothing. Whoever has the pointer has the
// value, whatever becomes of the cache.
std::shared_ptr<const Kept> find_kept(const Store &store, const Dataset &row);

// Makes it of the row's definition, and keeps it. Throws SF004 when a type is no longer there.
std::shared_ptr<const Kept> make_kept(const Store &store, const Dataset &row, const model::Dataset &definition,
                                      pg::TypeCache &types);

// False when a type of its columns may have been changed, or dropped and made again, since it was looked up.
bool is_current(const Kept &kept);

} // namespace datasurface::catalog
