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
INSERT INTO datasurface.batch_finding (stream_id, batch_id, dataset_id, kind, rule, action, count, total, threshold, keys)
    SELECT stream_id, last_batch + added, d.dataset_id, kind, rule, action, f.count, total, threshold, keys
    FROM datasurface.stream t JOIN datasurface.dataset d USING (store_id), (VALUES
        ('pull', 1, 'brake', 'deletes', 'hold', 1200, 2000, 'more than 1000 rows and 30 %', NULL),
        ('pull', 1, 'check', 'positive_total', 'hold', 3, NULL, NULL, '(4711)'),
        ('pull', 1, 'check', 'early', 'warn', 5, NULL, NULL, '(4711)'),
        ('one''s#orders', 0, 'check', 'late', 'warn', 1, NULL, NULL, '(4711)'),
        ('one''s#orders', -1, 'check', 'before', 'warn', 4, NULL, NULL, '(4711)'))
        f (stream, added, kind, rule, action, count, total, threshold, keys)
    WHERE t.name = f.stream;
:look
UPDATE datasurface.batch SET finished_at = finished_at - interval '4 days' WHERE state = 'committed';
SELECT count(*) FROM alarm WHERE kind = 'warned';
UPDATE datasurface.batch SET finished_at = finished_at + interval '4 days' WHERE state = 'committed';
DELETE FROM datasurface.batch WHERE state = 'held';
DELETE FROM datasurface.batch_finding;

-- brakes that were nearly reached: a row for each try says whether it shows
CREATE FUNCTION near(brakes jsonb, there bigint, inserted bigint, updated bigint, deleted bigint, staged bigint DEFAULT 1,
    surplus bigint DEFAULT 0) RETURNS text LANGUAGE plpgsql AS $$
BEGIN
    UPDATE datasurface.dataset d SET definition = definition - 'brakes' || coalesce(jsonb_build_object('brakes', brakes), '{}')
        FROM datasurface.store s WHERE s.store_id = d.store_id AND s.name = 'pull';
    UPDATE datasurface.batch_dataset x SET inserted = near.inserted, updated = near.updated, deleted = near.deleted,
            unchanged = there - near.updated - near.deleted, staged = near.staged, surplus = near.surplus
        FROM datasurface.stream t WHERE t.stream_id = x.stream_id AND t.name = 'pull' AND x.batch_id = t.last_batch;
    RETURN (SELECT string_agg(message, ', ' ORDER BY message) FROM alarm WHERE kind = 'brake_near' AND stream = 'pull');
END $$;
SELECT what, near(brakes, there, inserted, updated, deleted, staged, surplus) FROM (VALUES
    (1, 'the default of deletes', NULL::jsonb, 3000, 0, 0, 799, 1, 0),
    (2, 'its rows', NULL, 3000, 0, 0, 800, 1, 0),
    (3, 'and its share', NULL, 10000, 0, 0, 2399, 1, 0),
    (4, 'both', NULL, 10000, 0, 0, 2400, 1, 0),
    (5, 'off', '{"deletes": {"action": "off"}}', 3000, 0, 0, 2000, 1, 0),
    (6, 'off in a word', '{"deletes": "off"}', 3000, 0, 0, 2000, 1, 0),
    (7, 'a warning is not announced', '{"deletes": {"action": "warn", "rows": 10}}', 3000, 0, 0, 9, 1, 0),
    (8, 'rows alone', '{"deletes": {"action": "fail", "rows": 10}}', 3000, 0, 0, 8, 1, 0),
    (9, 'rows of 0 and nothing', '{"deletes": {"action": "hold", "rows": 0}}', 3000, 0, 0, 0, 1, 0),
    (10, 'changes', '{"changes": {"action": "hold", "percent": 0.5}}', 1000, 1, 1, 2, 1, 0),
    (11, 'fewer', '{"changes": {"action": "hold", "percent": 0.5}}', 1000, 1, 1, 1, 1, 0),
    (12, 'a first load', '{"changes": {"action": "hold", "percent": 0.5}}', 0, 1000, 0, 0, 1, 0),
    (13, 'surplus of those staged', '{"surplus": {"action": "hold", "percent": 10}}', 1000, 1, 1, 1, 100, 8),
    (14, 'fewer', '{"surplus": {"action": "hold", "percent": 10}}', 1000, 1, 1, 1, 100, 7),
    (15, 'others', '{"empty": {"action": "hold", "rows": 5}, "rows": {"action": "hold", "factor": 2}}', 9, 1, 1, 1, 1, 0))
    x (n, what, brakes, there, inserted, updated, deleted, staged, surplus) ORDER BY n;
SELECT near(NULL, 3000, 0, 0, 900);
:look
INSERT INTO datasurface.batch_finding (stream_id, batch_id, dataset_id, kind, rule, action, count)
    SELECT stream_id, last_batch, d.dataset_id, 'brake', 'deletes', 'hold', 900
    FROM datasurface.stream t JOIN datasurface.dataset d USING (store_id) WHERE t.name = 'pull';
SELECT near(NULL, 3000, 0, 0, 900); -- it was held, and released
UPDATE datasurface.batch_finding SET action = 'warn';
:look
DELETE FROM datasurface.batch_finding;
SELECT near(NULL, 3000, 0, 0, 0);

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
