-- In a store with consistency single each dataset is a stream of its own: its own batches, failures and numbers. The
-- store is no stream, and says which are. When the consistency changes, no dataset's batch numbers run backwards.
CREATE SCHEMA single_source;
CREATE TABLE single_source.b (id integer);
CREATE FUNCTION pg_temp.load(consistency text, names text[] DEFAULT '{a,b}') RETURNS boolean LANGUAGE sql AS $$
    SELECT version > 0 FROM datasurface.ds_load_model(scene.model(scene.store('single', (
        SELECT scene.list(scene.dataset(n, milestoned => true, query =>
            'SELECT 0 / id + id AS id FROM (SELECT 1 AS id UNION ALL TABLE single_source.b) q WHERE '
            || quote_literal(n) || ' = ''b'' OR id = 1')) FROM unnest(names) n),
        jsonb_build_object('consistency', consistency))), replace => false)
$$;
SELECT pg_temp.load('single');
SELECT count(*) FILTER (WHERE action = 'failed') AS failed FROM datasurface.ds_reconcile_schema('single');
SELECT stream, consistency, last_batch FROM datasurface.streams WHERE store = 'single' ORDER BY 1;
SELECT datasurface.ds_run('single'); -- fails
\echo :SQLSTATE
SELECT datasurface.ds_run('single#c'); -- fails
\echo :SQLSTATE
SELECT datasurface.ds_run('single#a', 'r'), datasurface.ds_run('single#a', 's'), datasurface.ds_run('single#a', 't');
-- one fails, the other does not care; a run id is a stream's own
INSERT INTO single_source.b VALUES (0);
SELECT datasurface.ds_run('single#b', 'r'), datasurface.ds_run('single#a', 'u');
SELECT stream, open_batch, open_state, error_sqlstate, committed_batch, last_batch FROM datasurface.streams
    WHERE store = 'single' ORDER BY 1;
DELETE FROM single_source.b;
SELECT datasurface.ds_run('single#b', 'r');

-- single to multi: the store goes on above the largest number of any of its datasets
SELECT pg_temp.load('multi');
SELECT datasurface.ds_run('single#a'); -- fails: no stream any more
\echo :SQLSTATE
SELECT count(*) AS steps FROM datasurface.ds_reconcile_schema('single');
INSERT INTO single_source.b VALUES (2);
SELECT datasurface.ds_run('single', 'line 34 1');
SELECT dataset, batch, inserted, unchanged FROM datasurface.batch_datasets WHERE stream = 'single' ORDER BY 1;
SELECT datasurface.ds_run('single', 'line 36 1'), datasurface.ds_run('single', 'line 36 2');
-- and back
SELECT pg_temp.load('single');
SELECT stream, last_batch FROM datasurface.streams WHERE store = 'single' ORDER BY 1;
DELETE FROM single_source.b;
SELECT datasurface.ds_run('single#b', 'line 41 1');
SELECT id, ds_surf_batch_in, ds_surf_batch_out FROM single.b UNION ALL SELECT id, ds_surf_batch_in, ds_surf_batch_out
    FROM single.b_history ORDER BY 1;
-- a dataset that left and comes back goes on with its numbers; so does one that is joined to a stream with smaller ones
SELECT pg_temp.load('single', '{a}');
SELECT datasurface.ds_run('single#b'); -- fails
SELECT datasurface.ds_run('single#a', 'line 47 1'), datasurface.ds_run('single#a', 'line 47 2');
SELECT pg_temp.load('single');
SELECT stream, last_batch FROM datasurface.streams WHERE store = 'single' ORDER BY 1;
SELECT pg_temp.load('multi');
SELECT datasurface.ds_run('single', 'line 51 1');
SELECT stream, last_batch FROM datasurface.streams WHERE store = 'single';
-- an open batch of a stream that is no longer one
SELECT datasurface.ds_start_batch('single');
SELECT pg_temp.load('single');
SELECT datasurface.ds_run('single#a', 'line 56 1'), datasurface.ds_run('single#b', 'line 56 2');
SELECT dataset, max(batch) AS newest FROM datasurface.batch_datasets WHERE stream LIKE 'single#%' GROUP BY 1 ORDER BY 1;
SELECT pg_temp.load('multi');
-- its datasets went on without it: it is discarded, for it would write batch 11 over batch 12
SELECT stream, open_batch, last_batch FROM datasurface.streams WHERE store = 'single';
SELECT batch, state FROM datasurface.batches WHERE stream = 'single' ORDER BY batch;
INSERT INTO single_source.b VALUES (3);
SELECT datasurface.ds_run('single', 'line 63 1'), datasurface.ds_require('single');
SELECT dataset, id, ds_surf_batch_in, ds_surf_batch_out
    FROM (SELECT 'a' AS dataset, * FROM single.a UNION ALL SELECT 'b', * FROM single.b) m ORDER BY 1, 2;
