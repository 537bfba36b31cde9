// Counts changes of types, by the server's invalidation messages: what was looked up is outdated when the count has changed. A change of
// a schema, an operator or a role counts for all types.
#pragma once

#include <cstdint>
#include <vector>

namespace datasurface::pg {

// Counts from the first call on. These types are given by the hash values of their OIDs in PostgreSQL's cache of types.
std::uint64_t changes_of_types(const std::vector<std::uint32_t> &hashes);
std::uint64_t changes_of_all_types();

} // namespace datasurface::pg
