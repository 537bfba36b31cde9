// The source of a store, where it names one.
#pragma once

#include <memory>
#include <string>

#include "catalog/store.hpp"
#include "ingest/remote_snapshot.hpp"

namespace datasurface::batch {

// Begins a snapshot of the store's source: takes one of its connections until the transaction ends, and logs in as its credential says.
// Throws 42501 when the store's owner may not use that credential, 55P03 when all connections are taken, and what snapshot.hpp and
// credential.hpp of the room remote name.
std::unique_ptr<ingest::RemoteSnapshot> open_source(const catalog::Store &store);

} // namespace datasurface::batch
