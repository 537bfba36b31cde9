// Named places at which a test kills the backend or the server, or makes it fail or wait. They exist in the test build only.
//
// A batch passes, in this order: batch.started, ingest.staged, ingest.recorded, merge.applied, merge.cleared,
// merge.committed; ds_run_to_end also procedure.committed after each COMMIT. Before merge.applied the native engine passes
// merge.comparing again and again and merge.joining; where the last of several rows with a key wins merge.finding_duplicates,
// and when there are any the first two once more; merge.compared, and when anything differs merge.deleted, merge.updated,
// merge.inserted. A batch that is held passes batch.held, and again batch.held_still when a run has found the same; one that is
// discarded batch.discarded. batch.saved comes when a state was written to the catalog, unless that is merge.committed. In the first load of an empty table it passes only merge.loading, again and again. Before it asks for workers it
// passes parallel.shared_memory.
// Reconcile passes reconcile.inspecting when it has read what it made, before it looks how that differs by now; and
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
