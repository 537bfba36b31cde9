// native: the native merge engine. Compares the digests of both tables' rows, confirms by value what differs, and applies it.
// It works on heap tables without SQL. This header includes no header of PostgreSQL.
#pragma once

#include <cstddef>
#include <string>

#include "merge/plan_changes.hpp"
#include "pg/spi.hpp"

namespace datasurface::native {

// What a merge may use.
struct Limits {
    std::size_t memory = 0; // bytes, for the comparison; as much again for each worker
    int workers = 0;        // beside this process
};

enum class Verdict {
    merged,
    stopped,         // what would change was found, and may not be written. Nothing was written
    refused,         // this engine cannot merge these tables: see `why`. Nothing was written
    unexpected_rows, // the staged rows are not what the plan expects: another number, a NULL in a key, or one key twice
                     // where that is an error. Or, if SQL finds nothing of that: see `why`
    changed_meanwhile, // somebody else wrote to the merge table
    key_taken          // a new row's key is there: staged twice, or inserted by somebody else
};

struct Outcome {
    Verdict verdict = Verdict::merged;
    std::string why;
    bool wrote = false;   // perhaps: then a verdict other than merged means that the transaction must not be committed
    merge::Result result; // with the verdicts merged and stopped
};

// Executes the plan. The tables must be locked and belong to the current role. inspect: is shown the changes before they are written.
Outcome merge(const merge::Plan &plan, const Limits &limits, const pg::Snapshot &snapshot,
              const merge::Inspect &inspect);

} // namespace datasurface::native
