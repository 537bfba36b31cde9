// What reconcile executed, and what failed.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace datasurface::catalog {

struct Operation {
    std::int64_t started = 0; // microseconds since 1970
    std::int64_t taken = 0;   // microseconds
    std::string object;
    std::string action = {}; // empty, with statement and cost: it failed before its first step
    std::string statement = {};
    std::string cost = {};  // the word of its class
    std::string error = {}; // empty: it is done
};

// What they are part of.
struct Subject {
    std::string role;    // that called
    std::string store;   // empty: none
    std::string dataset; // empty: none
};

void record_operations(const Subject &subject, const std::vector<Operation> &operations);

// Removes some of those that are older than so many seconds. Rows that another session is removing are left to it.
void forget_old_operations(int seconds);

} // namespace datasurface::catalog
