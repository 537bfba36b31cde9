// Within the rooms heap and native: what a key's value is digested by. Values that the type's equality calls equal have one digest;
// others have different ones, but for chance, which another seed mends. A type's own hash function does not promise the
// latter: those of arrays leave out the bounds, that of numeric the sign, that of jsonb where its containers end, and those of
// 64 bits fold them to 32. No seed helps there, so values of these types are taken apart as their equality does.
#pragma once

#include <cstddef>
#include <cstdint>

#include "pg/boundary.hpp"

extern "C" {
#include "access/tupdesc.h"
#include "fmgr.h"
#include "utils/numeric.h"
#include "utils/typcache.h"
}

namespace datasurface::heap {

// Plain data of PostgreSQL's regime.
struct KeyType {
    enum class By { image, hash, numeric, interval, jsonb, array, record, range, multirange };
    By by;
    Oid collation;
    Oid type; // beneath domains
    int16 length;
    bool by_value;
    char alignment;
    FmgrInfo hash;         // of hash and numeric
    Numeric zero;          // of numeric and jsonb
    TypeCacheEntry *range; // of range and multirange
    TupleDesc row;         // of record
    KeyType *parts;        // one, or as many as the record has attributes
};

// How values of the type are digested; made in the context. Returns why its values cannot be, as "has a
// type without equality", or nullptr.
const char *find_key_type(KeyType &found, Oid type, Oid collation, MemoryContext context);

// Chained to what was digested before.
std::uint64_t digest_image(const char *bytes, std::size_t size, std::uint64_t chained);
std::uint64_t digest_value(const KeyType &type, Datum value, std::uint64_t chained);

} // namespace datasurface::heap
