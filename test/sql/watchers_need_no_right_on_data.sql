-- Who may read the views of the extension (members of pg_monitor) reads all of them, sizes too, without a right on any
-- schema of data. In a database of its own, for the views show every store that there is.
SELECT current_database() AS regress_database \gset
CREATE DATABASE watchers_need_no_right;
\c watchers_need_no_right
CREATE EXTENSION datasurface;
CREATE ROLE regress_watcher IN ROLE pg_monitor;

SELECT version FROM datasurface.ds_load_model(
    scene.model(scene.store('s', scene.dataset('t', milestoned => true) || scene.dataset('u'))));
SET ROLE regress_watcher;
SELECT dataset, merge_table, merge_bytes, staging_bytes, reconciled FROM datasurface.datasets ORDER BY dataset;
RESET ROLE;

SELECT count(*) > 0 AS has_steps FROM datasurface.ds_reconcile_schema();
SELECT has_schema_privilege('regress_watcher', 's', 'usage') AS may_use_data;
SET ROLE regress_watcher;
SELECT dataset, merge_table, history_table, merge_bytes > 0 AS merge, history_bytes > 0 AS history,
    staging_bytes AS staging
FROM datasurface.datasets ORDER BY dataset;
SELECT stream, open_batch FROM datasurface.streams;
SELECT count(*) FROM datasurface.batches;
SELECT count(*) FROM datasurface.batch_datasets;
SELECT * FROM datasurface.batch; -- fails: the tables behind are the owner's
RESET ROLE;

\c :regress_database
DROP DATABASE watchers_need_no_right;
DROP ROLE regress_watcher;
