// Where the rows of a batch come from.
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

// Of the rows of the batch.
std::unique_ptr<ingest::Origin> begin_origin(Work &work);
void end_origin(Work &work, ingest::Origin &origin);

// How the source of the batch is at an earlier state than that of the last commit or check, if it is.
std::optional<remote::Backwards> gone_back(const Work &work);
// Throws 0A000 then: the batch will be held, for which its rows have to be staged.
void require_forwards(const Work &work);

// Notes whether rows have come, however the pull ends.
class NoteReceived {
public:
    NoteReceived(const ingest::Origin &origin, Progress &progress) : origin_(origin), progress_(progress) {}
    NoteReceived(const NoteReceived &) = delete;
    NoteReceived &operator=(const NoteReceived &) = delete;
    ~NoteReceived() { progress_.has_received = origin_.received() > 0; }

private:
    const ingest::Origin &origin_;
    Progress &progress_;
};

} // namespace datasurface::batch
