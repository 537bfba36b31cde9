// Private to the native room: finds what a merge would change.
#pragma once

#include "native/state.hpp"

namespace datasurface::native {

// The merge table has no block, so no row.
bool is_empty(const MergeState &merge);

// Compares the staged rows with the merge table. Returns done, refused or unexpected_rows.
Outcome find_changes(MergeState &merge);

// Of rows that have arrived and were compared: confirms what may have changed. Returns done or refused.
Outcome confirm_received(MergeState &merge);

} // namespace datasurface::native
