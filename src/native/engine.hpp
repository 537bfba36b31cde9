// native: the native merge engine. Compares the digests of both tables' rows, confirms by value what differs, and applies it.
// It works on heap tables without SQL. This header names nothing of the server.
#pragma once

#include <cstdint>
#include <string>

#include "pg/spi.hpp"
#include "shape/tables.hpp"

namespace datasurface::native {

struct Request {
    int batch = 0;
    std::int64_t staged = 0;       // rows, as the ingest counted them
    std::int64_t last_arrival = 0; // rows after it are not the batch's
    std::size_t memory = 0;        // bytes for the comparison
    int workers = 0;               // beside this process, at most
    bool keep_last = false;        // of rows with one key the last to arrive wins; else there may be none
};

enum class Verdict {
    merged,
    refused,     // this engine cannot serve these tables: see `why`; nothing was written
    odd_staging, // the staged rows are not what they should be: too few, NULL keys, one key twice; or, if SQL finds
                 // nothing of that, `why`
    changed_meanwhile, // somebody else wrote to the merge table
    key_taken          // a new row's key is there: staged twice, or inserted by somebody else
};

struct Outcome {
    Verdict verdict = Verdict::merged;
    std::string why;
    bool wrote = false; // something, perhaps: with another verdict than merged the transaction cannot be committed
    std::int64_t inserted = 0;
    std::int64_t updated = 0;
    std::int64_t deleted = 0;
    std::int64_t unchanged = 0;
    std::int64_t surplus = 0;
    int workers = 0;         // that took part
    std::string why_no_more; // why fewer than asked for
};

// Merges the staged rows of one dataset, whose tables are locked and belong to the current role.
Outcome merge(const shape::Shape &shape, const Request &request, const pg::Snapshot &snapshot);

} // namespace datasurface::native
