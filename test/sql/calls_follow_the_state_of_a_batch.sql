-- The states of a batch, and what each call makes of each state: what is no step from there is refused, and changes
-- nothing.
CALL scene.make(scene.store('states', scene.dataset('t', 'id integer, v text'))
    || scene.store('states_single', scene.dataset('t'), '{"consistency": "single"}'));
CREATE VIEW pg_temp.state AS SELECT batch, state, ingested_at IS NOT NULL AS was_ingested,
    finished_at IS NOT NULL AS is_finished, error_step, error_sqlstate AS sqlstate, error_message
    FROM datasurface.batches WHERE stream = 'states' ORDER BY batch DESC LIMIT 1;

-- no batch at all
SELECT datasurface.ds_ingest('states', 1); -- fails
\echo :SQLSTATE
SELECT datasurface.ds_merge_staging('states', 1); -- fails
SELECT datasurface.ds_reset_batch('states', 1); -- fails
SELECT datasurface.ds_fail_batch('states', 1, 'x'); -- fails
SELECT datasurface.ds_require('states'); -- fails
\echo :SQLSTATE
-- no such store, stream, dataset
SELECT datasurface.ds_reset_batch('states_nowhere', 1); -- fails
\echo :SQLSTATE
SELECT datasurface.ds_reset_batch('states#t', 1); -- fails: multi, with a dataset
\echo :SQLSTATE
SELECT datasurface.ds_reset_batch('states_single', 1); -- fails: single, without one
\echo :SQLSTATE
SELECT datasurface.ds_reset_batch('states_single#nowhere', 1); -- fails
\echo :SQLSTATE

-- started
SELECT datasurface.ds_start_batch('states');
TABLE pg_temp.state;
\set VERBOSITY terse
SELECT datasurface.ds_start_batch('states'); -- fails
\set VERBOSITY default
\echo :SQLSTATE
SELECT datasurface.ds_merge_staging('states', 1); -- fails: nothing is ingested
\echo :SQLSTATE
SELECT datasurface.ds_ingest('states', 2); -- fails: not the open batch
\echo :SQLSTATE
SELECT datasurface.ds_require('states'); -- fails: not done
\echo :SQLSTATE
INSERT INTO states.t_staging (id, v) VALUES (1, 'a'), (2, 'b');
-- failed while started: goes on from there
SELECT datasurface.ds_fail_batch('states', 1, 'the file was cut short');
TABLE pg_temp.state;
SELECT datasurface.ds_require('states'); -- fails: with what was recorded
\echo :SQLSTATE
SELECT datasurface.ds_merge_staging('states', 1); -- fails
SELECT datasurface.ds_ingest('states', 1, 2);
TABLE pg_temp.state;

-- ingested
\set VERBOSITY terse
SELECT datasurface.ds_start_batch('states'); -- fails
\set VERBOSITY default
SELECT datasurface.ds_fail_batch('states', 1, 'wait for the auditors');
TABLE pg_temp.state;
SELECT datasurface.ds_ingest('states', 1, 2); -- fails: that step is done
-- a retry merges only: the rows of the staging table are those that were sealed
SELECT datasurface.ds_run('states');
TABLE pg_temp.state;
SELECT id, v FROM states.t ORDER BY id;
SELECT datasurface.ds_require('states');

-- committed
SELECT datasurface.ds_reset_batch('states', 1); -- fails
\echo :SQLSTATE
SELECT datasurface.ds_reset_batch('states', 1, if_committed => 'ignore');
SELECT datasurface.ds_reset_batch('states', 1, if_committed => 'perhaps'); -- fails
\echo :SQLSTATE
TABLE pg_temp.state;
SELECT datasurface.ds_merge_staging('states', 1); -- fails
\echo :SQLSTATE
SELECT datasurface.ds_fail_batch('states', 1, 'too late'); -- fails
SELECT id, v FROM states.t ORDER BY id;

-- the reset of an open batch: staged rows gone, state started, nothing else touched
SELECT datasurface.ds_start_batch('states');
INSERT INTO states.t_staging (id, v) VALUES (1, 'a'), (3, 'c');
SELECT datasurface.ds_ingest('states', 2, 2);
SELECT datasurface.ds_reset_batch('states', 2);
TABLE pg_temp.state;
SELECT staged, inserted FROM datasurface.batch_datasets WHERE stream = 'states' AND batch = 2;
SELECT count(*) AS staged FROM states.t_staging;
-- resetting it again is no harm
SELECT datasurface.ds_reset_batch('states', 2);
INSERT INTO states.t_staging (id, v) VALUES (1, 'a'), (3, 'c');
SELECT datasurface.ds_ingest('states', 2, 2);
SELECT * FROM datasurface.ds_merge_staging('states', 2);
-- a failed batch is reset like any other
SELECT datasurface.ds_start_batch('states');
SELECT datasurface.ds_fail_batch('states', 3, 'nothing came');
SELECT datasurface.ds_reset_batch('states', 3);
TABLE pg_temp.state;
SELECT datasurface.ds_ingest('states', 3, 0), datasurface.ds_run('states');
TABLE pg_temp.state;
-- without a reason, or with none that can be read
SELECT datasurface.ds_start_batch('states');
SELECT datasurface.ds_fail_batch('states', 4, NULL); -- fails
\echo :SQLSTATE

-- a store with 200 datasets: a batch starts, and ends
SELECT scene.list(scene.dataset('dataset_with_a_rather_long_name_' || i,
    query => format('SELECT g AS id FROM generate_series(1, %s) g', i))) AS datasets
        FROM generate_series(1, 200) i \gset
CALL scene.make(scene.store('states_200', :'datasets'));
SELECT datasurface.ds_start_batch('states_200');
SELECT datasurface.ds_run('states_200');
SELECT datasurface.ds_run('states_200', 'unchanged');
SELECT batch, state, staged, inserted, updated, deleted, unchanged FROM datasurface.batches
    WHERE stream = 'states_200' ORDER BY batch;
SELECT count(*), sum(inserted) FROM datasurface.batch_datasets
    WHERE stream = 'states_200' GROUP BY batch ORDER BY batch;
