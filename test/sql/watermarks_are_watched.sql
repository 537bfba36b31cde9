-- The views show the mark of a dataset, its age and what holds it; an alarm comes when it does not advance. In a database of its own, for
-- the views show every dataset that there is.
SELECT current_database() AS regress_database \gset
CREATE DATABASE watermarks_are_watched;
\c watermarks_are_watched
CREATE EXTENSION datasurface;
CREATE SCHEMA source;
CREATE TABLE source.t (id integer, changed timestamptz, no bigint);
SELECT scene.load(scene.model(scene.store('shop', (
    SELECT scene.list(scene.dataset(name, more => jsonb_build_object('ingestion', jsonb_build_object('kind', 'sql_watermark', 'from',
        'source.t', 'watermark', '{"full_every": "7d"}' || mark::jsonb)))) FROM (VALUES
        ('numbers', '{"column": "no", "type": "bigint", "overlap": 1000, "full_every": "99999999999999d"}'),
        ('times', '{"column": "changed", "type": "timestamptz", "stamped_by": "transaction"}'),
        ('writers', '{"type": "xmin"}')) m(name, mark)) || scene.dataset('all', query => 'SELECT id FROM source.t'))));
\set look 'SELECT dataset, mark, mark_age, overlap, mark_held_by AS held_by, last_whole_at IS NOT NULL AS last_whole, why_whole, next_whole, window_rows AS rows, rows_reread AS reread FROM datasurface.datasets ORDER BY 1;'
CREATE VIEW alarm AS SELECT * FROM datasurface.alarms WHERE kind = 'mark_held';
-- before the first pull
:look
SELECT * FROM alarm;

-- as pulls leave them; the time zone is that of the session
BEGIN;
SET LOCAL TIME ZONE 'Europe/Zurich';
UPDATE datasurface.watermark SET whole_at = now() - interval '7 days', why_whole = 'there is no mark yet',
    advanced_at = now() - interval '9 minutes', mark = CASE d.name WHEN 'times'
        THEN extract(epoch FROM now() - interval '1 hour') * 1000000 ELSE 9007199254740993 END, window_rows = 20, reread = 7
FROM datasurface.dataset d WHERE d.dataset_id = watermark.dataset_id;
UPDATE datasurface.watermark w SET next_whole = 'ds_force_snapshot asked for it'
FROM datasurface.dataset d WHERE d.dataset_id = w.dataset_id AND d.name = 'writers';
SELECT dataset, mark = (now() - interval '1 hour')::text AS mark_is_local, mark_age FROM datasurface.datasets WHERE dataset = 'times';
UPDATE datasurface.watermark w SET mark = 1790000000123456
FROM datasurface.dataset d WHERE d.dataset_id = w.dataset_id AND d.name = 'times';
SELECT dataset, mark, next_whole, window_rows, rows_reread FROM datasurface.datasets ORDER BY 1;
COMMIT;

-- a mark is held for a moment again and again; then it is an alarm
UPDATE datasurface.watermark SET held_by = 'a prepared transaction is open at the source' WHERE mark = 1790000000123456;
SELECT * FROM alarm;
UPDATE datasurface.watermark SET advanced_at = now() - interval '11 minutes';
SELECT kind, severity, stream, dataset, since < now() - interval '11 minutes' AS since, message, help FROM alarm;
SELECT dataset, mark_held_by FROM datasurface.datasets WHERE mark_held_by IS NOT NULL;
UPDATE datasurface.watermark SET held_by = 'a transaction is open at the source since 2026-01-01 00:00:00+00', mark = NULL
WHERE held_by IS NOT NULL;
SELECT message, help FROM alarm;
UPDATE datasurface.watermark SET held_by = 'the role cannot see since when transactions of other sessions are open at the source'
WHERE held_by IS NOT NULL;
SELECT message, help FROM alarm;
UPDATE datasurface.watermark SET held_by = 'the source is a standby, which does not tell what is open at its primary' WHERE held_by IS NOT NULL;
SELECT message, help FROM alarm;

-- a dataset that has left the model is no matter
SELECT cardinality(scene.load(scene.model(scene.store('shop', scene.dataset('all', query => 'SELECT id FROM source.t')))));
SELECT count(*) FROM alarm;
\c :regress_database
DROP DATABASE watermarks_are_watched;
