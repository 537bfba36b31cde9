// The source of a store, where it names one.
#pragma once

#include <memory>
#include <string>

#include "batch/steps.hpp"
#include "batch/work.hpp"
#include "catalog/store.hpp"
#include "ingest/remote_snapshot.hpp"

namespace datasurface::batch {

// Begins a snapshot of the store's source: takes one of its connections until the transaction ends, and logs in as its credential says.
// Throws 42501 when the store's owner may not use that credential, 55P03 when all connections are taken, and what snapshot.hpp and
// credential.hpp of the room remote name.
std::unique_ptr<ingest::RemoteSnapshot> open_source(const catalog::Store &store, bool needs_clock);

// Where the store of a pull names a source, one snapshot of it serves all datasets of the batch; else nullptr.
std::unique_ptr<ingest::RemoteSnapshot> begin_source(Work &work);
// A pull is whole only when the source has committed.
void end_source(Work &work, ingest::RemoteSnapshot *source);

// Notes whether rows have come, however the pull ends.
class NoteReceived {
public:
    NoteReceived(const ingest::RemoteSnapshot *source, Progress &progress) : source_(source), progress_(progress) {}
    NoteReceived(const NoteReceived &) = delete;
    NoteReceived &operator=(const NoteReceived &) = delete;
    ~NoteReceived() { progress_.has_received = source_ != nullptr && source_->received() > 0; }

private:
    const ingest::RemoteSnapshot *source_;
    Progress &progress_;
};

} // namespace datasurface::batch
