-- The view alarms has a row for each batch, table and setting that a person should look at now, and no other. What sessions and
-- standbys do is in 035_alarms.pl. In a database of its own, for the view shows every stream that there is.
SELECT current_database() AS regress_database \gset
CREATE DATABASE alarms_tell;
\c alarms_tell
CREATE EXTENSION datasurface;
CREATE SCHEMA source;
CREATE TABLE source.t AS SELECT i AS id FROM generate_series(1, 100) i;
SELECT scene.store('pull', scene.dataset('orders', query => 'TABLE source.t')) ||
    scene.store('push', scene.dataset('orders')) ||
    scene.store('one''s', scene.dataset('orders', query => 'SELECT id + 0 / (id - 1) AS id FROM source.t'),
        '{"consistency": "single"}') AS stores \gset
CALL scene.make(:'stores');

-- the settings of the server that runs this are its own
CREATE VIEW alarm AS SELECT * FROM datasurface.alarms WHERE kind <> 'setting';
CREATE ROLE regress_alarmed IN ROLE pg_monitor;
CREATE ROLE regress_not_alarmed;
\set look 'SELECT kind, severity, stream, dataset, batch, since IS NOT NULL AS since, message, help FROM alarm ORDER BY 1, 3, 7;'
-- a first load, however large, is nothing to look at; nor is a push that waits for its rows
SELECT datasurface.ds_run('pull'), datasurface.ds_start_batch('push');
:look

-- the error of a failed batch, with its values, is read in another view
SELECT datasurface.ds_run('one''s#orders'), datasurface.ds_fail_batch('push', 1, 'the file is 17 bytes long');
SET ROLE regress_alarmed;
SELECT kind, severity, stream, batch, since = (SELECT finished_at FROM datasurface.batches b WHERE b.stream = a.stream) AS since,
    message, help FROM datasurface.alarms a WHERE kind = 'failed' ORDER BY stream;
SELECT help AS failed_help FROM datasurface.alarms WHERE stream = 'one''s#orders' \gset
:failed_help;
SET ROLE regress_not_alarmed;
SELECT count(*) FROM datasurface.alarms; -- fails
RESET ROLE;
SELECT datasurface.ds_reset_batch('push', 1);
DELETE FROM source.t WHERE id = 1;
SELECT datasurface.ds_run('one''s#orders');

-- stuck: the calls of a pull follow each other; a push waits, but not for ever
SELECT datasurface.ds_start_batch('pull'), datasurface.ds_run('one''s#orders', 'r', budget => '0');
UPDATE datasurface.batch SET started_at = now() - interval '59 minutes', ingested_at = now() - interval '59 minutes'
    WHERE state IN ('started', 'ingested');
:look
UPDATE datasurface.batch SET started_at = now() - interval '61 minutes', ingested_at = now() - interval '61 minutes'
    WHERE state IN ('started', 'ingested');
:look
UPDATE datasurface.batch SET started_at = now() - interval '25 hours' WHERE state = 'started';
SELECT stream, message, help FROM alarm WHERE stream = 'push';
-- not while a call is at work on it
BEGIN;
SELECT name FROM datasurface.stream WHERE name = 'pull' FOR NO KEY UPDATE;
SELECT stream FROM alarm ORDER BY stream;
ROLLBACK;
SELECT datasurface.ds_ingest('push', 1, rows => 0);
UPDATE datasurface.batch SET ingested_at = now() - interval '61 minutes' WHERE state = 'ingested';
SELECT stream, message, help FROM alarm WHERE stream = 'push';
SELECT datasurface.ds_run('push'), datasurface.ds_run('pull'), datasurface.ds_run('one''s#orders', 'r');
:look

-- held, and what the last batch was warned of; neither tells a key
INSERT INTO datasurface.batch (stream_id, batch_id, state, started_at, ingested_at, held_at)
    SELECT stream_id, last_batch + 1, 'held', now(), now(), now() FROM datasurface.stream WHERE name = 'pull';
INSERT INTO datasurface.batch_dataset (stream_id, batch_id, dataset_id, definition_digest)
    SELECT stream_id, last_batch + 1, d.dataset_id, definition_digest
    FROM datasurface.stream t JOIN datasurface.dataset d USING (store_id) WHERE t.name = 'pull';
INSERT INTO datasurface.batch_finding (stream_id, batch_id, dataset_id, kind, rule, action, count, total, threshold, keys,
        message)
    SELECT stream_id, last_batch + added, d.dataset_id, kind, rule, action, f.count, total, threshold, keys,
        format('%s %s of %s: words', kind, rule, d.name)
    FROM datasurface.stream t JOIN datasurface.dataset d USING (store_id), (VALUES
        ('pull', 1, 'brake', 'deletes', 'hold', 1200, 2000, '1000 rows or 30 %', NULL),
        ('pull', 1, 'check', 'positive_total', 'hold', 3, NULL, NULL, '(4711)'),
        ('pull', 1, 'check', 'early', 'warn', 5, NULL, NULL, '(4711)'),
        ('pull', 1, 'brake', 'changes', 'near', 1200, 2000, '60 %', NULL),
        ('one''s#orders', 0, 'brake', 'deletes', 'near', 9, 20, '10 rows', NULL),
        ('one''s#orders', -1, 'brake', 'deletes', 'near', 8, 20, '10 rows', NULL),
        ('one''s#orders', 0, 'check', 'late', 'warn', 1, NULL, NULL, '(4711)'),
        ('one''s#orders', -1, 'check', 'before', 'warn', 4, NULL, NULL, '(4711)'))
        f (stream, added, kind, rule, action, count, total, threshold, keys)
    WHERE t.name = f.stream;
:look
UPDATE datasurface.batch SET finished_at = finished_at - interval '4 days' WHERE state = 'committed';
SELECT count(*) FROM alarm WHERE kind IN ('warned', 'brake_near');
UPDATE datasurface.batch SET finished_at = finished_at + interval '4 days' WHERE state = 'committed';
DELETE FROM datasurface.batch_dataset USING datasurface.batch b
    WHERE (batch_dataset.stream_id, batch_dataset.batch_id) = (b.stream_id, b.batch_id) AND b.state = 'held';
DELETE FROM datasurface.batch WHERE state = 'held';
DELETE FROM datasurface.batch_finding;

-- a brake that is nearly reached neither warns nor stops: the run records it, and the next batch has it no more
CREATE TABLE source.near AS SELECT i AS id FROM generate_series(1, 100) i;
CALL scene.make(scene.store('near', scene.dataset('orders', query => 'TABLE source.near', more => '{"brakes":
    {"deletes": {"rows": 10, "action": "fail"}, "changes": {"rows": 10, "action": "warn"}}}')));
SELECT datasurface.ds_run('near', 'first');
DELETE FROM source.near WHERE id <= 7;
SELECT datasurface.ds_run('near', 'seven');
:look
DELETE FROM source.near WHERE id <= 15;
SELECT datasurface.ds_run('near', 'eight');
:look
SELECT action, message, count, total, threshold FROM datasurface.batch_findings WHERE stream = 'near';
SELECT held_because, error_sqlstate FROM datasurface.batches WHERE stream = 'near' AND batch = 3;
-- a run without a run id that finds nothing changed has no batch, so it stays
SELECT datasurface.ds_run('near');
SELECT kind, batch FROM alarm;
SELECT datasurface.ds_run('near', 'unchanged');
:look
-- of a batch that is released, what it was held for is known, and what it was near is told
CALL scene.make(scene.store('near', scene.dataset('orders', query => 'TABLE source.near',
    more => '{"brakes": {"deletes": {"rows": 10}, "changes": {"rows": 12}}}')));
DELETE FROM source.near WHERE id <= 26;
SELECT datasurface.ds_run('near', 'eleven');
:look
SELECT action, message FROM datasurface.batch_findings WHERE stream = 'near' AND state = 'held' ORDER BY 1;
SELECT datasurface.ds_release_batch('near', 5, 'eleven orders were fakes');
:look
INSERT INTO source.near VALUES (0);
SELECT datasurface.ds_run('near');

-- a held push whose model has changed since cannot be released
CALL scene.make(scene.store('pushed', scene.dataset('orders', more => '{"brakes": {"deletes": {"rows": 1}}}')));
SELECT datasurface.ds_start_batch('pushed');
INSERT INTO pushed.orders_staging (id) SELECT generate_series(1, 3);
SELECT datasurface.ds_ingest('pushed', 1), datasurface.ds_run('pushed');
SELECT datasurface.ds_start_batch('pushed'), datasurface.ds_ingest('pushed', 2, rows => 0),
    datasurface.ds_run('pushed');
:look
SELECT held_because FROM datasurface.batches WHERE state = 'held';
CALL scene.make(scene.store('pushed', scene.dataset('orders', 'id integer, v text',
    more => '{"brakes": {"deletes": {"rows": 1}}}')));
:look
SELECT help AS held_help FROM alarm \gset
SELECT dataset FROM datasurface.ds_preview_batch('pushed', 2); -- fails
:held_help; -- fails, for want of a reason
SELECT datasurface.ds_discard_batch('pushed', 2, 'the model has changed');
:look

-- the same of one dataset of a single store: only its own definition counts
CALL scene.make(scene.store('each', scene.dataset('a', more => '{"brakes": {"deletes": {"rows": 1}}}') || scene.dataset('b'),
    '{"consistency": "single"}'));
SELECT datasurface.ds_start_batch('each#a');
INSERT INTO each.a_staging (id) SELECT generate_series(1, 3);
SELECT datasurface.ds_run('each#a') FROM datasurface.ds_ingest('each#a', 1);
SELECT datasurface.ds_start_batch('each#a'), datasurface.ds_ingest('each#a', 2, rows => 0), datasurface.ds_run('each#a');
CALL scene.make(scene.store('each', scene.dataset('a', more => '{"brakes": {"deletes": {"rows": 1}}}')
    || scene.dataset('b', 'id integer, v text'), '{"consistency": "single"}'));
SELECT stream, help FROM alarm;
CALL scene.make(scene.store('each', scene.dataset('a', 'id integer, v text', more => '{"brakes": {"deletes": {"rows": 1}}}')
    || scene.dataset('b', 'id integer, v text'), '{"consistency": "single"}'));
SELECT stream, help FROM alarm;
SELECT datasurface.ds_reset_batch('each#a', 2);
:look
SELECT datasurface.ds_run('each#a') FROM datasurface.ds_ingest('each#a', 2, rows => 0);
SELECT datasurface.ds_discard_batch('each#a', 2, 'a test');

-- tables with many dead rows, also those of datasurface
ALTER TABLE pull.orders SET (autovacuum_enabled = off);
INSERT INTO pull.orders SELECT 1, 2147483647, i FROM generate_series(101, 200100) i;
CREATE TABLE source.other WITH (autovacuum_enabled = off) AS TABLE pull.orders;
DELETE FROM source.other;
DELETE FROM pull.orders WHERE id > 100102;
SELECT pg_stat_force_next_flush();
:look
DELETE FROM pull.orders WHERE id IN (100101, 100102);
SELECT pg_stat_force_next_flush();
:look
DROP TABLE source.other;
ALTER TABLE datasurface.batch_decision SET (autovacuum_enabled = off);
INSERT INTO datasurface.batch_decision SELECT 1, i, now(), 'discard', 'discarded', 'r', 'r' FROM generate_series(1, 100000) i;
DELETE FROM datasurface.batch_decision;
SELECT pg_stat_force_next_flush();
SELECT stream, dataset, message, help FROM alarm WHERE kind = 'dead_rows' ORDER BY stream;

-- settings
SELECT count(*) FROM datasurface.alarms WHERE kind = 'setting' AND message LIKE 'track_%';
SET track_counts = off;
SET track_activities = off;
SELECT severity, stream, batch, since, message, help FROM datasurface.alarms
    WHERE kind = 'setting' AND message LIKE 'track_%' ORDER BY 1, 5;
RESET track_counts;
RESET track_activities;

\c :regress_database
DROP DATABASE alarms_tell;
DROP ROLE regress_alarmed, regress_not_alarmed;
