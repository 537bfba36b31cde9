-- What stopped a batch, since when, and what was decided of it, as people read it. The rows of the catalogs are inserted by
-- hand. In a database of its own, for the views show every batch that there is.
SELECT current_database() AS regress_database \gset
CREATE DATABASE a_held_batch_is_explained;
\c a_held_batch_is_explained
\pset null null
CREATE EXTENSION datasurface;
CREATE SCHEMA source;
CREATE TABLE source.t AS SELECT i AS id FROM generate_series(1, 3) i;
CALL scene.make(scene.store('shop', scene.dataset('orders', query => 'TABLE source.t')
    || scene.dataset('customers', query => 'TABLE source.t')));
SELECT datasurface.ds_run('shop', 'monday');
INSERT INTO datasurface.batch (stream_id, batch_id, state, started_at, ingested_at, held_at)
    SELECT stream_id, 2, 'held', '2026-11-29', '2026-11-29 00:01', '2026-11-29 00:02' FROM datasurface.stream;
INSERT INTO datasurface.batch_finding (stream_id, batch_id, dataset_id, kind, rule, action, count, total, threshold, keys,
        message)
    SELECT t.stream_id, 2, d.dataset_id, kind, rule, action, f.count, total, threshold, keys,
        format('%s %s of %s: words', kind, rule, d.name)
    FROM datasurface.stream t, datasurface.dataset d, (VALUES
        ('orders', 'brake', 'deletes', 'hold', 1200, 2000, '1000 rows or 30 %', NULL),
        ('orders', 'brake', 'rows', 'fail', 800, 2000, 'a factor of 2', NULL),
        ('orders', 'brake', 'changes', 'warn', 1200, 2000, '50 %', NULL),
        ('orders', 'brake', 'surplus', 'near', 9, 2000, '10 rows', NULL),
        ('orders', 'check', 'positive_total', 'hold', 3, NULL, NULL, '(17), (18), (19)'),
        ('customers', 'brake', 'empty', 'hold', 0, 500, 'below 100 rows', NULL),
        ('customers', 'reference', 'country', 'hold', 1, NULL, NULL, '(Ada)'))
        f (dataset, kind, rule, action, count, total, threshold, keys)
    WHERE d.name = f.dataset;

CREATE ROLE regress_explained IN ROLE pg_monitor;
CREATE ROLE regress_not_explained;
SET ROLE regress_explained;
SELECT batch, state, held_at IS NOT NULL AS held, decision FROM datasurface.batches ORDER BY batch;
SELECT held_at, held_because FROM datasurface.batches WHERE batch = 2;
SELECT * FROM datasurface.batch_findings ORDER BY dataset, kind, rule;
SELECT * FROM datasurface.batch_decisions;
RESET ROLE;

-- somebody releases it, but other changes are found; then it is discarded
INSERT INTO datasurface.batch_decision (stream_id, batch_id, decided_at, decision, outcome, decided_by, reason)
    SELECT stream_id, 2, '2026-11-29 08:00', 'release', 'held', 'ada', 'the shop closed a branch' FROM datasurface.stream;
SELECT held_at, decided_by, decided_at, decision, reason FROM datasurface.batches WHERE batch = 2;
INSERT INTO datasurface.batch_decision (stream_id, batch_id, decided_at, decision, outcome, decided_by, reason)
    SELECT stream_id, 2, '2026-11-29 09:00', 'discard', 'discarded', 'grace', 'no branch was closed' FROM datasurface.stream;
UPDATE datasurface.batch SET state = 'discarded', held_at = NULL, finished_at = '2026-11-29 09:00' WHERE batch_id = 2;
SELECT state, held_at, held_because, decided_by, decided_at, decision, reason FROM datasurface.batches WHERE batch = 2;
SELECT * FROM datasurface.batch_decisions ORDER BY decided_at;
SELECT count(*), min(state) AS state FROM datasurface.batch_findings;

-- keys are values of rows
SET ROLE regress_not_explained;
SELECT keys FROM datasurface.batch_findings; -- fails
SELECT reason FROM datasurface.batch_decisions; -- fails
RESET ROLE;

\c :regress_database
DROP DATABASE a_held_batch_is_explained;
DROP ROLE regress_explained, regress_not_explained;
