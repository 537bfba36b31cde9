-- The views that operators watch, over the life of one stream: what is open, what failed and why, what was done and how
-- long it took. Members of pg_monitor read them; nobody else but the owner does.
SET datasurface.pull = staged;
CREATE SCHEMA watched_source;
CREATE TABLE watched_source.t (id integer);
INSERT INTO watched_source.t VALUES (1), (2);
SELECT version > 0 AS loaded FROM datasurface.ds_load_model(scene.model(scene.store('watched',
    scene.dataset('t', query => 'TABLE watched_source.t', milestoned => true)
    || scene.dataset('u', 'id bigint', 'SELECT 10 / count(*) AS id FROM watched_source.t'))), replace => false);
SELECT * FROM datasurface.streams WHERE store = 'watched';
SELECT * FROM datasurface.batches WHERE stream = 'watched';
SELECT count(*) FILTER (WHERE action = 'failed') AS failed FROM datasurface.ds_reconcile_schema('watched');
SELECT dataset, stream, milestoning, ingestion, schema_name, merge_table, history_table, staging_table, as_of_function,
    merge_bytes > 0 AS merge, history_bytes > 0 AS history, staging_bytes AS staging, reconciled
FROM datasurface.datasets WHERE store = 'watched' ORDER BY 1;

SELECT datasurface.ds_run('watched', 'r1');
TRUNCATE watched_source.t;
SELECT datasurface.ds_run('watched', 'r2');
SELECT stream, store, consistency, open_batch, open_state, error_sqlstate, error_message, committed_batch,
    committed_at IS NOT NULL AS committed_at, last_batch FROM datasurface.streams WHERE store = 'watched';
SELECT batch, state, staged, inserted, updated, deleted, unchanged, run_ids, error_step, error_sqlstate, error_message
    FROM datasurface.batches WHERE stream = 'watched' ORDER BY batch;
SELECT batch, dataset, state, staged, inserted, updated, deleted, unchanged, surplus FROM datasurface.batch_datasets
    WHERE stream = 'watched' ORDER BY batch, dataset;
SELECT batch, started_at <= ingested_at AND ingested_at <= finished_at AS in_order, ingest_time > '0'
    AND merge_time > '0' AS timed, ingest_time < '1 minute' AS sensible
FROM datasurface.batches WHERE stream = 'watched' ORDER BY batch;
INSERT INTO watched_source.t VALUES (1), (3), (4);
SELECT datasurface.ds_run('watched', 'r3');
SELECT batch, state, staged, inserted, updated, deleted, unchanged, run_ids, error_step, error_sqlstate, error_message
    FROM datasurface.batches WHERE stream = 'watched' ORDER BY batch;

CREATE ROLE regress_watched_monitor IN ROLE pg_monitor;
CREATE ROLE regress_watched_nobody;
SET ROLE regress_watched_monitor;
SELECT dataset, merge_bytes > 0 AS has_size FROM datasurface.datasets WHERE store = 'watched' ORDER BY 1;
SELECT count(*) FROM datasurface.batches WHERE stream = 'watched';
SELECT count(*) FROM datasurface.batch_datasets WHERE stream = 'watched';
SELECT last_batch FROM datasurface.streams WHERE stream = 'watched';
SELECT count(*) FROM datasurface.batch; -- fails
SET ROLE regress_watched_nobody;
SELECT count(*) FROM datasurface.batches; -- fails
\echo :SQLSTATE
RESET ROLE;
DROP ROLE regress_watched_monitor, regress_watched_nobody;
