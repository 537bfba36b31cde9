// Rows of a dataset on their way in, from a query of this database or from another server. Staging tables are filled with them, and
// merge tables compared with them. This header includes no header of PostgreSQL.
#pragma once

#include <cstdint>

struct HeapTupleData;

namespace datasurface::heap {

constexpr int arriving_batch = 256;         // rows that are handed on at a time
constexpr int arriving_bytes = 1024 * 1024; // of large rows fewer, so that they have about so many bytes
constexpr std::int64_t bytes_not_counted = -1;

// Rows of the staging table, whose arrival is 0. They live until the next ones are asked for.
struct ArrivingRows {
    HeapTupleData **rows;
    int count; // 0: there are no more
};

// A whole snapshot of a dataset, in C++'s regime. To be read as the owner of the dataset.
class Arriving {
public:
    Arriving() = default;
    Arriving(const Arriving &) = delete;
    Arriving &operator=(const Arriving &) = delete;
    virtual ~Arriving() =
        default; // releases nothing of the server: that is done by close(), or by the rollback that follows an error

    virtual ArrivingRows next() = 0;                                 // at most arriving_batch
    virtual std::int64_t bytes() const { return bytes_not_counted; } // that came from another server so far
    virtual void close() = 0;                                        // in the (sub)transaction that it was opened in
};

} // namespace datasurface::heap
