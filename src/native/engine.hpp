// native: the native merge engine. Compares the digests of both tables' rows, confirms by value what differs, and applies it.
// It works on heap tables without SQL. This header includes no header of PostgreSQL.
#pragma once

#include <cstddef>
#include <memory>
#include <string>

#include "heap/arriving.hpp"
#include "merge/plan_changes.hpp"
#include "pg/spi.hpp"

namespace datasurface::native {

// What a merge may use.
struct Limits {
    std::size_t memory = 0;  // bytes, for the comparison; as much again for each worker
    int workers = 0;         // beside this process
    std::size_t at_once = 1; // merges that keep what they have found at a time; its memory is divided among them
};

enum class Verdict {
    done,
    refused,         // this engine cannot merge these tables: see `why`. Nothing was written
    unexpected_rows, // the staged rows are not what the plan expects: another number, a NULL in a key, or one key twice
                     // where that is an error. Or, if SQL finds nothing of that: see `why`
    changed_meanwhile, // somebody else wrote to the merge table
    key_taken          // a new row's key is there: staged twice, or inserted by somebody else
};

struct Outcome {
    Verdict verdict = Verdict::done;
    std::string why;
};

struct MergeState;

// A merge in two parts, so that all datasets of a batch are compared before the first is written. Between them its tables are open,
// and what was found is kept. The tables must be locked and belong to the current role.
class Merge {
public:
    // plan, snapshot: must live as long.
    Merge(const merge::Plan &plan, const Limits &limits, const pg::Snapshot &snapshot);
    Merge(const Merge &) = delete;
    Merge &operator=(const Merge &) = delete;
    ~Merge(); // closes nothing: that is done by close(), or by the rollback that follows an error

    // Finds what would change. Returns done, refused or unexpected_rows. It is not called again. watcher: or nullptr.
    Outcome compare(merge::Watcher *watcher);

    // Instead of compare(), for rows that arrive and are not staged; those that may have changed are staged here. Both return done or
    // refused, which includes that the rows are odd: then what was done must be rolled back, and the rows be staged first.
    // The first tells beforehand what can be told. rows: of a first load they are read by apply(), and must live until then.
    Outcome prepare_to_receive();
    Outcome receive(heap::Arriving &rows, merge::Watcher *watcher);
    const merge::Staged &kept() const; // what receive() has staged

    // An empty table is loaded without a comparison: all rows are new, but nobody has looked at their keys. Of rows that arrive not even
    // the number is known before apply().
    bool is_first_load() const;

    // What compare() has found, until close().
    merge::Changes &changes();

    // Writes it, once. After a verdict other than done it must be rolled back. The changes are still there then. May be called in a
    // subtransaction of the one that compare() was called in.
    Verdict apply();

    // In the (sub)transaction that it was made in.
    void close();

private:
    std::unique_ptr<MergeState> state_;
};

} // namespace datasurface::native
