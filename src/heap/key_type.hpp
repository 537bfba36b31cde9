// Within the rooms heap and native: by which parts of a value two keys are equal, for each type of a key column.
//
// Values that the type's equality calls equal get one digest; others get different ones, but for chance, which another seed mends.
// A type's own hash function does not promise the latter: those of arrays leave out the bounds, that of numeric the sign, that of
// jsonb where its containers end, and those of 64 bits fold them to 32. No seed helps there, so values of these types are taken
// apart as their equality does it.
#pragma once

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

} // namespace datasurface::heap
