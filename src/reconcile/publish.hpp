// Shows a dataset when its first load is published, and nothing of it before: for batches, in the transaction that changes its row.
#pragma once

#include "catalog/dataset.hpp"
#include "catalog/store.hpp"

namespace datasurface::reconcile {

// Brings the as-of function of one dataset, and its views in all workspaces, to what its row says now: unpublished or published_from. What
// else reconcile would change stays as it is. The caller has locked the stream.
//
// Locks are only tried: where one is not free, everything is rolled back and the answer is false. The row of the dataset is one of
// them, so lock it by catalog::lock_dataset before you change it; reconcile has it locked while it makes views.
//
// A view or function that may not be changed, such as one that was changed by hand: while the dataset is unpublished its error is
// thrown, for it may show rows. Else it is left as it is, with a warning, and reconcile reports it.
bool show_as_published(const catalog::Store &store, const catalog::Dataset &dataset);

} // namespace datasurface::reconcile
