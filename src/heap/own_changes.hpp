// Within the rooms heap and native.
#pragma once

#include "pg/boundary.hpp"
#include "pg/spi.hpp"

extern "C" {
#include "utils/snapmgr.h"
}

namespace datasurface::heap {

// Makes the batch's snapshot the active one, but so that it sees what this transaction has done since, as statements with
// it do: a trigger may have written to these tables. PostgreSQL's regime; to be popped.
inline Snapshot see_own_changes(const pg::Snapshot &snapshot)
{
    PushCopiedSnapshot(static_cast<Snapshot>(snapshot.handle()));
    UpdateActiveSnapshotCommandId();
    return GetActiveSnapshot();
}

} // namespace datasurface::heap
