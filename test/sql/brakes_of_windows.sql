-- The brakes of a window ask how much of the whole dataset changes, and not how much of what was staged. A window is held, shown, released
-- and discarded like a snapshot, by both engines.
CALL scene.make(scene.store('windowed', scene.dataset('t', 'id integer, v integer', more =>
    '{"ingestion": {"kind": "push", "rows": "delta"}}'), '{"brakes": {"deletes": {"rows": 10, "percent": 30, "action": "hold"},
    "rows": {"factor": 2, "action": "warn"}}}'));
CREATE PROCEDURE pg_temp.push(rows text) LANGUAGE plpgsql AS $$
BEGIN
    EXECUTE 'INSERT INTO windowed.t_staging (id, v, ds_surf_deleted) ' || rows;
    PERFORM datasurface.ds_ingest('windowed', datasurface.ds_start_batch('windowed'));
    RAISE NOTICE 'ds_run answers %', datasurface.ds_run('windowed');
END $$;
CREATE VIEW pg_temp.seen AS SELECT x.batch, x.state, x.engine, x.staged, x.inserted, x.updated, x.deleted, x.unchanged
    FROM datasurface.batch_datasets x WHERE stream = 'windowed' AND batch = (SELECT max(batch) FROM datasurface.batches
        WHERE stream = 'windowed');
CALL pg_temp.push('SELECT n, n, false FROM generate_series(1, 100) n');
-- 30 of 100, by the deletes alone; with statistics and without
CALL pg_temp.push('SELECT n, 0, true FROM generate_series(1, 30) n');
TABLE pg_temp.seen;
VACUUM ANALYZE windowed.t;
CALL pg_temp.push('SELECT n, 0, true FROM generate_series(31, 51) n');
TABLE pg_temp.seen;
-- more than that
CALL pg_temp.push('SELECT n, 0, n > 60 FROM generate_series(52, 110) n');
TABLE pg_temp.seen;
SELECT kind, rule, action, message FROM datasurface.batch_findings WHERE stream = 'windowed';
SELECT * FROM datasurface.ds_preview_batch('windowed', 4, 2);
SELECT count(*) FROM windowed.t;
-- the sql engine finds the changes that the native one has found
SET datasurface.merge_engine = 'sql';
SELECT datasurface.ds_release_batch('windowed', 4, 'as agreed');
RESET datasurface.merge_engine;
TABLE pg_temp.seen;
SELECT * FROM windowed.t ORDER BY id;
-- and the other way round; what is discarded changes nothing
SET datasurface.merge_engine = 'sql';
CALL pg_temp.push('SELECT n, 1, false FROM generate_series(200, 250) n');
SELECT kind, rule, action, message FROM datasurface.batch_findings WHERE stream = 'windowed' AND batch = 5;
CALL pg_temp.push('SELECT n, 0, true FROM generate_series(200, 300) n');
TABLE pg_temp.seen;
SELECT datasurface.ds_discard_batch('windowed', 6, 'not this one');
SELECT count(*) FROM windowed.t;
CALL pg_temp.push('SELECT n, 0, true FROM generate_series(200, 300) n');
SELECT change, n, key, old_value, new_value FROM (SELECT *, row_number() OVER () AS n
    FROM datasurface.ds_preview_batch('windowed', 7, 1)) x;
RESET datasurface.merge_engine;
SELECT datasurface.ds_release_batch('windowed', 7, 'this one');
TABLE pg_temp.seen;

-- a dataset goes from windows to snapshots and back while nothing is staged; with staged rows the batch is refused until it is reset
CREATE FUNCTION pg_temp.of(rows text) RETURNS jsonb LANGUAGE sql AS $$
    SELECT scene.store('windowed', scene.dataset('t', 'id integer, v integer', more => jsonb_build_object('ingestion',
        jsonb_build_object('kind', 'push', 'rows', rows))), '{"brakes": {"deletes": "off"}}')
$$;
CALL scene.make(pg_temp.of('snapshot'));
SELECT attname FROM pg_attribute WHERE attrelid = 'windowed.t_staging'::regclass AND attnum > 0 AND NOT attisdropped ORDER BY attnum;
INSERT INTO windowed.t_staging (id, v) SELECT n, n FROM generate_series(1, 3) n;
SELECT datasurface.ds_ingest('windowed', datasurface.ds_start_batch('windowed')), datasurface.ds_run('windowed');
TABLE pg_temp.seen;
INSERT INTO windowed.t_staging (id, v) VALUES (1, 10);
SELECT datasurface.ds_ingest('windowed', datasurface.ds_start_batch('windowed'));
SELECT FROM datasurface.ds_load_model(scene.model(pg_temp.of('delta')), replace => false);
SELECT action, error FROM datasurface.ds_reconcile_schema('windowed');
SELECT datasurface.ds_run('windowed');
SELECT error_sqlstate, error_message FROM datasurface.batches WHERE stream = 'windowed' AND state = 'failed';
SELECT datasurface.ds_reset_batch('windowed', 9);
SELECT object, action, error FROM datasurface.ds_reconcile_schema('windowed');
INSERT INTO windowed.t_staging (id, v) VALUES (1, 10);
SELECT datasurface.ds_ingest('windowed', 9), datasurface.ds_run('windowed');
TABLE pg_temp.seen;
SELECT * FROM windowed.t ORDER BY id;

-- statistics are asked for also where another role owns the tables, in whose name only harmless functions run
CREATE ROLE regress_window_owner;
GRANT CREATE ON DATABASE :DBNAME TO regress_window_owner;
CALL scene.make(scene.store('owned', scene.dataset('t', more => '{"ingestion": {"kind": "push", "rows": "delta"}}'),
    '{"owner": "regress_window_owner", "brakes": {"deletes": {"rows": 10, "percent": 30, "action": "hold"}}}'));
INSERT INTO owned.t_staging (id) SELECT generate_series(1, 100);
SELECT datasurface.ds_ingest('owned', datasurface.ds_start_batch('owned')), datasurface.ds_run('owned');
VACUUM ANALYZE owned.t;
INSERT INTO owned.t_staging (id, ds_surf_deleted) SELECT n, true FROM generate_series(1, 31) n;
SELECT datasurface.ds_ingest('owned', datasurface.ds_start_batch('owned')), datasurface.ds_run('owned');
SELECT message FROM datasurface.batch_findings WHERE stream = 'owned';
SELECT datasurface.ds_discard_batch('owned', 2, 'done');
DROP OWNED BY regress_window_owner CASCADE;
DROP ROLE regress_window_owner;

-- a table that has shrunk since its last VACUUM: a small one is counted, of a large one PostgreSQL knows the counted rows
CALL scene.make(scene.store('shrunk', scene.dataset('few', more => '{"ingestion": {"kind": "push", "rows": "delta"}}') ||
    scene.dataset('many', more => '{"ingestion": {"kind": "push", "rows": "delta"}}'),
    '{"consistency": "single", "brakes": {"deletes": {"percent": 90, "action": "hold"}}}'));
CREATE PROCEDURE pg_temp.push_to(dataset text, ids int4range, deleted boolean) LANGUAGE plpgsql AS $$
DECLARE
    stream text := 'shrunk#' || dataset;
BEGIN
    EXECUTE format('INSERT INTO shrunk.%I (id, ds_surf_deleted) SELECT generate_series($1, $2 - 1), $3', dataset || '_staging')
        USING lower(ids), upper(ids), deleted;
    PERFORM datasurface.ds_ingest(stream, datasurface.ds_start_batch(stream));
    RAISE NOTICE 'ds_run answers %', datasurface.ds_run(stream);
END $$;
CALL pg_temp.push_to('few', '[1,100]', false);
CALL pg_temp.push_to('many', '[1,40000]', false);
DO $$ BEGIN PERFORM pg_stat_force_next_flush(); END $$;
VACUUM ANALYZE shrunk.few, shrunk.many;
CALL pg_temp.push_to('few', '[1,85]', true);
CALL pg_temp.push_to('many', '[1,34000]', true);
DO $$ BEGIN PERFORM pg_stat_force_next_flush(); END $$;
CALL pg_temp.push_to('few', '[86,99]', true);
CALL pg_temp.push_to('many', '[34001,39500]', true);
SELECT stream, message FROM datasurface.batch_findings WHERE stream LIKE 'shrunk#%' AND batch = 3 ORDER BY stream;
SELECT datasurface.ds_discard_batch('shrunk#few', 3, 'done'), datasurface.ds_discard_batch('shrunk#many', 3, 'done');
