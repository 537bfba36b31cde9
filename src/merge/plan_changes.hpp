// What a merge has found. Pure: both engines show their findings by this interface.
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include "merge/plan.hpp"
#include "sqltext/sqltext.hpp"

namespace datasurface::merge {

// What follows FROM in a query of staged rows, with the columns of the dataset.
struct RowSource {
    std::string from;
    std::vector<sqltext::Value> arguments;
};

class Changes {
public:
    virtual ~Changes() = default;

    virtual const Result &result() const = 0;

    // Digest of all old and new values, in any order. Both engines find the same, whatever the order of the rows. seed: drawn at random
    // and kept secret, for else other values with the same digest could be made.
    virtual std::string digest(std::uint64_t seed) = 0;

    // Hands out the staged rows that are inserted or updated, in one or more parts.
    virtual void each_part_of_new_rows(const std::function<void(const RowSource &)> &body) = 0;
};

// Is shown the staged rows that are inserted or updated while they are found. They are in the processor's cache then; to fetch them
// again later takes several times as long. Only the native engine does so, and not in a first load.
class Watcher {
public:
    virtual ~Watcher() = default;

    virtual void begin() = 0; // also when the comparison begins again
    virtual void see(const RowSource &part) = 0;
    virtual void end() = 0; // these were all
};

// Sums of the digests of rows, which do not depend on the order.
struct ChangesDigest {
    std::uint64_t low = 0;
    std::uint64_t high = 0;

    std::string text(std::uint64_t seed) const; // seed and sums, hexadecimal
};

// The seed of a digest as text.
std::uint64_t seed_of(const std::string &digest);

} // namespace datasurface::merge
