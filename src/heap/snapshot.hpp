// Within the rooms heap and native: the snapshot by which tables are read.
#pragma once

#include "pg/boundary.hpp"
#include "pg/spi.hpp"

extern "C" {
#include "utils/snapmgr.h"
}

namespace datasurface::heap {

// Makes the snapshot of a batch the active one, and returns it. What this transaction did since it was taken is visible too, as it
// is to a statement: a trigger may have written to these tables. PostgreSQL's regime; to be popped.
inline Snapshot push_snapshot(const pg::Snapshot &snapshot)
{
    PushCopiedSnapshot(static_cast<Snapshot>(snapshot.handle()));
    UpdateActiveSnapshotCommandId();
    return GetActiveSnapshot();
}

} // namespace datasurface::heap
