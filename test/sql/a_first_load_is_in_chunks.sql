-- A first load fills the merge table chunk by chunk, and nobody sees it. A batch compares all of it with the source, and publishes it.
CREATE SCHEMA origin;
CREATE TABLE origin.t (id integer PRIMARY KEY, v text);
INSERT INTO origin.t SELECT n, 'v' || n FROM generate_series(1, 100) n;
ANALYZE origin.t;
CREATE FUNCTION pg_temp.loaded(name text, columns text, first_load jsonb, milestoned boolean DEFAULT true, more jsonb DEFAULT '{}')
RETURNS jsonb LANGUAGE sql AS $$
    SELECT scene.dataset(name, columns, 'SELECT id, v FROM origin.t', milestoned => milestoned,
        more => jsonb_build_object('first_load', first_load) || more)
$$;
-- a call with a budget takes one step, while the stream has nothing that a batch could publish
CREATE PROCEDURE pg_temp.steps(stream text, most integer DEFAULT 20) LANGUAGE plpgsql AS $$
DECLARE
    answer text;
    answers text[] := '{}';
BEGIN
    FOR i IN 1 .. most LOOP
        answer := datasurface.ds_run(stream, budget => '0');
        COMMIT;
        answers := answers || answer;
        EXIT WHEN answer <> 'KEEP_WORKING';
    END LOOP;
    RAISE NOTICE '%', (SELECT string_agg(format('%s x %s', a, n), ', ' ORDER BY i) FROM
        (SELECT a, count(*) AS n, min(i) AS i FROM unnest(answers) WITH ORDINALITY u(a, i) GROUP BY a) x);
END $$;
CREATE VIEW pg_temp.seen AS SELECT stream, dataset, state, cut_by, chunks_done, chunks, loaded, skipped, published_by, error_sqlstate
    FROM datasurface.loads WHERE cut_by IS DISTINCT FROM 'ctid' ORDER BY stream, dataset; -- how many pages there are differs

CALL scene.make(scene.store('load', pg_temp.loaded('d', 'id integer, v text', '{"chunk_rows": 30}')),
    scene.workspace('desk', '{load.d}'));
TABLE pg_temp.seen;
CALL pg_temp.steps('load', 3);
TABLE pg_temp.seen;
SELECT (SELECT count(*) FROM load.d) AS loaded, (SELECT count(*) FROM desk.d) AS shown, (SELECT count(*) FROM desk.d_full) AS versions,
    (SELECT count(*) FROM load.d_as_of(1)) AS as_of;
SELECT DISTINCT ds_surf_batch_in, ds_surf_batch_out FROM load.d;
-- what moves meanwhile is put right by the batch, and is no version
UPDATE origin.t SET v = 'new' WHERE id = 1;
UPDATE origin.t SET id = id + 1000 WHERE id = 2;
DELETE FROM origin.t WHERE id IN (3, 99);
CALL pg_temp.steps('load');
TABLE pg_temp.seen;
SELECT staged, inserted, updated, deleted, unchanged, way FROM datasurface.batch_datasets WHERE stream = 'load';
SELECT count(*), min(id), max(id) FROM desk.d;
SELECT ds_surf_batch_in, ds_surf_batch_out, count(*), min(v) FROM desk.d_full GROUP BY 1, 2;
SELECT (SELECT count(*) FROM load.d_as_of(0)) AS before, (SELECT count(*) FROM load.d_as_of(1)) AS as_of, (SELECT count(*) FROM load.d_history) AS history;
-- from now on it is as others
UPDATE origin.t SET v = 'newer' WHERE id = 1;
CALL pg_temp.steps('load');
SELECT ds_surf_batch_in, ds_surf_batch_out, v FROM desk.d_full WHERE id = 1 ORDER BY 1;
SELECT ds_surf_batch_in, v FROM load.d_as_of(1) WHERE id = 1;
SELECT scene.refused($$SELECT datasurface.ds_reset_load('load', 'd')$$);
SELECT scene.refused($$SELECT datasurface.ds_reset_load('load', 'e')$$);

-- a table that no index of the key serves is read by place; a trigger needs an INSERT, so its chunks are staged
CREATE TABLE origin.heap AS SELECT n AS id, repeat('x', 500) || n AS v FROM generate_series(1, 100) n;
ANALYZE origin.heap;
CALL scene.make(scene.store('places', scene.dataset('d', 'id integer, v text', more =>
    '{"ingestion": {"kind": "sql_snapshot", "from": "origin.heap"}, "first_load": {"chunk_rows": 30}}')), scene.workspace('desk2', '{places.d}'));
CREATE FUNCTION pg_temp.idle() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RETURN NULL; END $$;
CREATE TRIGGER idle AFTER UPDATE ON places.d FOR EACH ROW EXECUTE FUNCTION pg_temp.idle();
CALL pg_temp.steps('places', 2);
-- the table grows at its end: the last chunk is cut again
INSERT INTO origin.heap SELECT n, repeat('x', 500) || n FROM generate_series(101, 300) n;
UPDATE origin.heap SET v = 'moved' WHERE id <= 10;
SET client_min_messages = warning;
CALL pg_temp.steps('places', 40);
RESET client_min_messages;
SELECT cut_by, chunks > 4 AS cut_again, loaded, skipped > 0 AS skipped, published_by FROM datasurface.loads WHERE stream = 'places';
SELECT staged, inserted, updated, deleted, unchanged FROM datasurface.batch_datasets WHERE stream = 'places';
SELECT count(*), count(*) FILTER (WHERE v = 'moved') AS moved FROM desk2.d;

-- a NULL in the key and a value that does not convert fail their chunk; the next call tries it again
CREATE TABLE origin.odd (id text, v text);
INSERT INTO origin.odd SELECT n, n FROM generate_series(10, 99) n;
CALL scene.make(scene.store('odd', scene.dataset('d', 'id text, v integer', 'SELECT id, v::integer AS v FROM origin.odd',
    more => '{"first_load": {"chunk_rows": 20}}')), scene.workspace('desk3', '{odd.d}'));
INSERT INTO origin.odd VALUES (NULL, '1');
UPDATE origin.odd SET v = 'none' WHERE id = '55';
CALL pg_temp.steps('odd');
SELECT error_sqlstate, error_message FROM datasurface.loads WHERE stream = 'odd';
SELECT kind, severity, stream, dataset, message FROM datasurface.alarms WHERE kind = 'load';
DELETE FROM origin.odd WHERE id IS NULL;
CALL pg_temp.steps('odd');
TABLE pg_temp.seen;
CALL datasurface.ds_run_to_end('odd');
UPDATE origin.odd SET v = '55' WHERE id = '55';
CALL pg_temp.steps('odd', 1);
SELECT chunks_done, error_sqlstate, failed_at FROM datasurface.loads WHERE stream = 'odd';
INSERT INTO origin.odd VALUES ('56', '57');
CALL pg_temp.steps('odd');
SELECT error_sqlstate, error_message FROM datasurface.batches WHERE stream = 'odd';
SELECT count(*) FROM desk3.d;
DELETE FROM origin.odd WHERE v = '57' AND id = '56';
CALL datasurface.ds_run_to_end('odd');
SELECT count(*) FROM desk3.d;

-- so does a load that cannot begin
CALL scene.make(scene.store('never', scene.dataset('d', 'id integer', 'SELECT id / 0 AS id FROM origin.t', more => '{"first_load": {"chunk_rows": 20}}')));
CALL pg_temp.steps('never');
SELECT state, chunks, error_sqlstate FROM datasurface.loads WHERE stream = 'never';

-- checks are asked of all rows, brakes of what the batch changes; a batch that is held leaves the dataset unpublished
CALL scene.make(scene.store('ruled', pg_temp.loaded('d', 'id integer, v text', '{"chunk_rows": 30}', more =>
    '{"checks": [{"name": "small", "condition": "id <= 1000", "severity": "hold"}]}')), scene.workspace('desk4', '{ruled.d}'));
CALL pg_temp.steps('ruled');
SELECT rule, action, count, message FROM datasurface.batch_findings WHERE stream = 'ruled';
SELECT count(*) FROM desk4.d;
SELECT scene.refused($$SELECT datasurface.ds_reset_load('ruled', 'd')$$);
SELECT datasurface.ds_release_batch('ruled', 1, 'as agreed');
SELECT count(*) FROM desk4.d;

-- in a store with other datasets it stands beside the stream; references to it are asked when it is there
CALL scene.make(scene.store('many', scene.dataset('a', 'id integer, t integer', 'SELECT id, id AS t FROM origin.t', more =>
    '{"references": [{"name": "r", "columns": ["t"], "dataset": "d", "to": ["id"], "severity": "warn"}]}')
    || pg_temp.loaded('d', 'id integer, v text', '{"chunk_rows": 30, "connections": 2}')), scene.workspace('desk5', '{many.a,many.d}'));
SELECT datasurface.ds_run('many', 'monday', budget => '0'), datasurface.ds_run('many', 'monday', budget => '0');
SELECT datasurface.ds_run('many', 'monday');
SELECT dataset, staged FROM datasurface.batch_datasets WHERE stream = 'many';
-- with budget left chunks are loaded behind the batch; the next one publishes, also if it finds nothing changed
DO $$ BEGIN FOR i IN 1 .. 5 LOOP PERFORM datasurface.ds_run('many', 'monday', budget => '1h'); END LOOP; END $$;
SELECT state, chunks_done, chunks, (SELECT count(*) FROM desk5.d) AS shown FROM datasurface.loads WHERE stream = 'many';
SELECT datasurface.ds_run('many');
SELECT (SELECT count(*) FROM desk5.a) AS a, (SELECT count(*) FROM desk5.d) AS d;
-- the procedure does all of it
CALL scene.make(scene.store('many', scene.dataset('a', 'id integer, t integer', 'SELECT id, id AS t FROM origin.t', more =>
    '{"references": [{"name": "r", "columns": ["t"], "dataset": "d", "to": ["id"], "severity": "warn"}]}')
    || pg_temp.loaded('d', 'id integer, v text', '{"chunk_rows": 30, "connections": 2}') || pg_temp.loaded('e', 'id integer, v text', '{"chunk_rows": 30}')),
    scene.workspace('desk5', '{many.a,many.d,many.e}'));
CALL datasurface.ds_run_to_end('many', 'tuesday');
SELECT count(*) FROM desk5.e;
SELECT batch, dataset, inserted, unchanged FROM datasurface.batch_datasets WHERE stream = 'many' ORDER BY batch, dataset;
SELECT DISTINCT ds_surf_batch_in FROM desk5.d_full;

-- without a budget all that is left is one transaction; a load begins anew when its model changes, or when it is told to
CALL scene.make(scene.store('anew', pg_temp.loaded('d', 'id integer, v text', '{"chunk_rows": 30}')), scene.workspace('desk6', '{anew.d}'));
CALL pg_temp.steps('anew', 3);
SELECT datasurface.ds_reset_load('anew', 'd');
CALL pg_temp.steps('anew', 2);
SELECT chunks_done, (SELECT count(*) FROM anew.d) AS rows FROM datasurface.loads WHERE stream = 'anew';
CALL scene.make(scene.store('anew', pg_temp.loaded('d', 'id integer, v text', '{"chunk_rows": 30}', more =>
    '{"ingestion": {"kind": "sql_snapshot", "query": "SELECT id, upper(v) AS v FROM origin.t"}}')));
CALL pg_temp.steps('anew', 2);
SELECT chunks_done, (SELECT min(v) FROM anew.d) AS v FROM datasurface.loads WHERE stream = 'anew';
-- another size of chunks begins nothing anew
CALL scene.make(scene.store('anew', pg_temp.loaded('d', 'id integer, v text', '{"chunk_rows": 50}', more =>
    '{"ingestion": {"kind": "sql_snapshot", "query": "SELECT id, upper(v) AS v FROM origin.t"}}')));
CALL pg_temp.steps('anew', 1);
SELECT chunks_done, chunks FROM datasurface.loads WHERE stream = 'anew';
SELECT datasurface.ds_run('anew');
TABLE pg_temp.seen;
SELECT count(*), min(v) FROM desk6.d;

-- a dataset of which nothing is loaded yet may get it later, and one that is small is loaded at once
CALL scene.make(scene.store('later', pg_temp.loaded('d', 'id integer, v text', '"whole"')), scene.workspace('desk7', '{later.d}'));
CALL scene.make(scene.store('later', pg_temp.loaded('d', 'id integer, v text', '{"chunk_rows": 1000}')), scene.workspace('desk7', '{later.d}'));
CALL pg_temp.steps('later');
SELECT state, cut_by, chunks, published_by FROM datasurface.loads WHERE stream = 'later';
SELECT count(*) FROM desk7.d;

-- one whose load fails keeps no other waiting
CREATE TABLE origin.no_key AS SELECT CASE WHEN n > 1 THEN n END AS id, 'v' AS v FROM generate_series(1, 100) n;
CALL scene.make(scene.store('failing', scene.dataset('a', 'id integer, v text', 'SELECT id, v FROM origin.no_key', more => '{"first_load": {"chunk_rows": 30}}')
    || pg_temp.loaded('b', 'id integer, v text', '{"chunk_rows": 30}')));
CALL datasurface.ds_run_to_end('failing');
SELECT dataset, state, chunks_done, chunks, error_sqlstate FROM datasurface.loads WHERE stream = 'failing' ORDER BY dataset;
CALL datasurface.ds_run_to_end('failing');
SELECT dataset, state, chunks_done, chunks, error_sqlstate FROM datasurface.loads WHERE stream = 'failing' ORDER BY dataset;

-- statistics that are old, and a table that others inherit from
CREATE TABLE origin.grown (id integer PRIMARY KEY, v text);
INSERT INTO origin.grown SELECT n, 'v' FROM generate_series(1, 50) n;
ANALYZE origin.grown;
INSERT INTO origin.grown SELECT n, 'v' FROM generate_series(51, 5000) n;
CREATE TABLE origin.parent (id integer PRIMARY KEY, v text);
INSERT INTO origin.parent VALUES (0, 'v');
CREATE TABLE origin.child () INHERITS (origin.parent);
INSERT INTO origin.child SELECT n, 'v' FROM generate_series(1, 5000) n;
ANALYZE origin.parent;
CREATE FUNCTION pg_temp.from(name text) RETURNS jsonb LANGUAGE sql AS $$
    SELECT scene.dataset(name, 'id integer, v text', more => jsonb_build_object('first_load', '{"chunk_rows": 1000}'::jsonb,
        'ingestion', jsonb_build_object('kind', 'sql_snapshot', 'from', 'origin.' || name)))
$$;
CALL scene.make(scene.store('stale', pg_temp.from('grown') || pg_temp.from('parent'), '{"consistency": "single"}'));
CALL datasurface.ds_run_to_end('stale#grown');
CALL datasurface.ds_run_to_end('stale#parent');
SELECT dataset, cut_by, chunks >= 4 AS is_cut, loaded FROM datasurface.loads WHERE stream LIKE 'stale#%' ORDER BY dataset;

-- keys of type oid: PostgreSQL takes constants of it for relations that a query needs
CREATE TABLE origin.oids (id oid PRIMARY KEY);
INSERT INTO origin.oids SELECT 3000000000 + n FROM generate_series(1, 100) n;
ANALYZE origin.oids;
CALL scene.make(scene.store('oids', scene.dataset('d', 'id oid', 'SELECT id FROM origin.oids', more => '{"first_load": {"chunk_rows": 30}}')));
CALL pg_temp.steps('oids');
SELECT chunks, loaded FROM datasurface.loads WHERE stream = 'oids';

-- one with a watermark is published by a window, and by a whole pull where deletes matter
CREATE TABLE origin.marked (id integer PRIMARY KEY, v text, changed_at timestamptz NOT NULL);
INSERT INTO origin.marked SELECT n, 'v', now() - interval '1 day' FROM generate_series(1, 100) n;
ANALYZE origin.marked;
CREATE FUNCTION pg_temp.marked(name text, full_every text) RETURNS jsonb LANGUAGE sql AS $$
    SELECT scene.dataset(name, 'id integer, v text, changed_at timestamptz', more => jsonb_build_object('first_load', '{"chunk_rows": 30}'::jsonb,
        'ingestion', jsonb_build_object('kind', 'sql_watermark', 'from', 'origin.marked', 'watermark', jsonb_strip_nulls(
            jsonb_build_object('column', 'changed_at', 'type', 'timestamptz', 'overlap', '1min', 'full_every', full_every)))))
$$;
CALL scene.make(scene.store('timed', pg_temp.marked('window', NULL) || pg_temp.marked('whole', '7d'), '{"consistency": "single"}'),
    scene.workspace('desk8', '{timed.window,timed.whole}'));
CALL pg_temp.steps('timed#window', 2);
CALL pg_temp.steps('timed#whole', 2);
UPDATE origin.marked SET v = 'new', changed_at = now() WHERE id = 1;
DELETE FROM origin.marked WHERE id = 2;
CALL pg_temp.steps('timed#window');
CALL pg_temp.steps('timed#whole');
-- rows that are marked as deleted are not loaded
ALTER TABLE origin.marked ADD gone boolean;
UPDATE origin.marked SET gone = true WHERE id <= 10;
CALL scene.make(scene.store('gone', replace(pg_temp.marked('d', NULL)::text, '"column":', '"deleted_when": "gone", "column":')::jsonb, '{"consistency": "single"}'),
    scene.workspace('desk10', '{gone.d}'));
CALL pg_temp.steps('gone#d');
SELECT loaded, published_by, (SELECT count(*) FROM desk10.d) AS shown FROM datasurface.loads WHERE stream = 'gone#d';
ALTER TABLE origin.marked DROP gone;
CREATE TABLE origin.twice AS SELECT * FROM origin.marked UNION ALL SELECT 5, 'w', now() - interval '1 day';
ALTER TABLE origin.twice ALTER changed_at SET NOT NULL;

ANALYZE origin.twice;
-- a key that comes twice is in no window
CALL scene.make(scene.store('twice', replace(pg_temp.marked('d', NULL)::text, 'origin.marked', 'origin.twice')::jsonb, '{"consistency": "single"}'));
CALL pg_temp.steps('twice#d');
SELECT error_sqlstate, error_message FROM datasurface.batches WHERE stream = 'twice#d';
-- without all chunks a mark says nothing: of a small one, and of one whose chunks were given up
CALL scene.make(scene.store('small', replace(pg_temp.marked('few', NULL)::text, '30}', '3000}')::jsonb || pg_temp.marked('given_up', NULL) || pg_temp.marked('anew', NULL),
    '{"consistency": "single"}'), scene.workspace('desk9', '{small.few,small.given_up,small.anew}'));
CALL pg_temp.steps('small#few');
CALL pg_temp.steps('small#given_up', 2);
CALL pg_temp.steps('small#anew', 2);
SELECT datasurface.ds_reset_load('small#anew', 'anew');
SELECT datasurface.ds_run('small#given_up'), datasurface.ds_run('small#anew');
SELECT dataset, mode, why_whole, staged, inserted, unchanged FROM datasurface.batch_datasets WHERE stream LIKE 'small#%' ORDER BY dataset;
SELECT (SELECT count(*) FROM desk9.few) AS few, (SELECT count(*) FROM desk9.given_up) AS given_up, (SELECT count(*) FROM desk9.anew) AS anew;
SELECT dataset, mode, staged, inserted, updated, deleted FROM datasurface.batch_datasets WHERE stream LIKE 'timed#%' ORDER BY dataset;
SELECT (SELECT count(*) FROM desk8.window) AS window, (SELECT count(*) FROM desk8.whole) AS whole;
