// Within the rooms heap and native: how the values of a key column's type are digested.
//
// Equal values, by the type's own equality, have one digest. Different values have different digests, but for chance, and under
// another seed they then differ. The type's own hash function does not promise this: that of arrays leaves out the bounds, that of
// numeric the sign, that of jsonb the ends of containers, and those of 64-bit integers fold them to 32 bits. Another seed does not
// help there, so such values are taken apart as their equality does.
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

// Finds out how values of the type are digested, and allocates what that needs in the context. Returns why they cannot be, as "has a
// type without equality", or nullptr.
const char *find_key_type(KeyType &found, Oid type, Oid collation, MemoryContext context);

} // namespace datasurface::heap
