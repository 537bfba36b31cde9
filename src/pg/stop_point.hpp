// Named places at which a test kills the backend or the server, or makes it fail or wait. They exist in the test build only.
//
// A batch passes, in this order: batch.started; ingest.receiving again and again while a pull stages rows without an INSERT;
// ingest.staged, ingest.recorded, merge.applied for each dataset, merge.cleared,
// merge.committed; ds_run_to_end also procedure.committed after each COMMIT. Before the first merge.applied the native engine passes, for
// each dataset, merge.comparing again and again and merge.joining; where the last of several rows with a key wins
// merge.finding_duplicates, and when there are any the first two once more; merge.compared. Then, when anything differs, it passes merge.deleted,
// merge.updated, merge.inserted before merge.applied. In the first load of an empty table it passes only merge.loading, again and again.
// A batch that is held, and its release, pass merge.digesting again and again after the comparison. The one passes batch.held, and again
// batch.held_still when a run has found the same; one that is discarded batch.discarded. batch.saved comes when a state was written to the
// catalog, unless that is merge.committed. Before it asks for workers a merge passes parallel.shared_memory.
// Reconcile passes reconcile.inspecting when it has read what it made, before it looks how that differs by now;
// reconcile.planned when the steps of a dataset are known, before it locks what they change; and
// reconcile.waits when something was locked, before it tries again. Behind each statement it passes reconcile.executed, and
// reconcile.recorded when all of a dataset or sink is done; ds_reconcile also reconcile.committed after each COMMIT.
#pragma once

namespace datasurface::pg {

#ifdef DATASURFACE_STOP_POINTS
// When datasurface.stop_at names this point, does what datasurface.stop_action says: terminate, kill, stop, error, wait.
void stop_point(const char *name);
#else
inline void stop_point(const char *) {}
#endif

} // namespace datasurface::pg
