-- A loader that knows what has changed stages that alone: upserts, and deletes by ds_surf_deleted. What is not staged stays.
CALL scene.make(scene.store('delta', scene.dataset('a', 'id integer, v text', milestoned => true, more =>
        '{"ingestion": {"kind": "push", "rows": "delta"}, "duplicate_keys": "last"}')
    || scene.dataset('b', more => '{"ingestion": {"kind": "push", "rows": "delta"}}')));
SELECT attname, format_type(atttypid, atttypmod), attnotnull, col_description(attrelid, attnum) FROM pg_attribute
    WHERE attrelid = 'delta.a_staging'::regclass AND attnum > 0 ORDER BY attnum;

-- the first batch has the rows of its deletes left out
SELECT datasurface.ds_start_batch('delta');
COPY delta.a_staging (id, v) FROM stdin (DELIMITER ',');
1,one
2,two
3,three
\.
COPY delta.a_staging (id, ds_surf_deleted) FROM stdin (DELIMITER ',');
9,t
\.
SELECT datasurface.ds_ingest('delta', 1, 4), datasurface.ds_run('delta');
CREATE VIEW delta.seen AS SELECT batch, dataset, staged, inserted, updated, deleted, unchanged, surplus, mode
    FROM datasurface.batch_datasets WHERE stream = 'delta';
SELECT * FROM delta.seen WHERE batch = 1 ORDER BY dataset;

-- an update, an insert, a row as it is, a delete, a delete of nothing; NULL in ds_surf_deleted is no delete
SELECT datasurface.ds_start_batch('delta');
INSERT INTO delta.a_staging (id, v, ds_surf_deleted) VALUES (1, 'uno', false), (4, 'four', NULL), (2, 'two', NULL),
    (3, 'not looked at', true), (9, NULL, true);
SELECT datasurface.ds_ingest('delta', 2), datasurface.ds_run('delta');
SELECT * FROM delta.seen WHERE batch = 2 ORDER BY dataset;
SELECT * FROM delta.a ORDER BY id;
SELECT * FROM delta.a_history ORDER BY id;

-- of several rows of a key the last counts, delete or not
SELECT datasurface.ds_start_batch('delta');
INSERT INTO delta.a_staging (id, v, ds_surf_deleted) VALUES (1, 'x', false), (1, NULL, true), (2, NULL, true),
    (2, 'two', false), (5, 'five', false), (5, NULL, true), (6, NULL, true), (6, 'six', NULL), (4, 'x', true), (4, 'y', true);
SELECT datasurface.ds_ingest('delta', 3), datasurface.ds_run('delta');
SELECT * FROM delta.seen WHERE batch = 3 ORDER BY dataset;
SELECT * FROM delta.a ORDER BY id;

-- nothing was staged: nothing changes, and nobody has to say so
SELECT datasurface.ds_start_batch('delta');
SELECT datasurface.ds_ingest('delta', 4), datasurface.ds_run('delta');
SELECT count(*) AS still_there FROM delta.a;

-- keys that are staged twice, and keys that are not whole
SELECT datasurface.ds_start_batch('delta');
INSERT INTO delta.b_staging (id, ds_surf_deleted) VALUES (1, false), (1, true);
SELECT datasurface.ds_ingest('delta', 5), datasurface.ds_run('delta');
SELECT error_sqlstate, error_message, error_detail FROM datasurface.batches WHERE stream = 'delta' AND state = 'failed';
SELECT datasurface.ds_reset_batch('delta', 5);
INSERT INTO delta.b_staging (id, ds_surf_deleted) VALUES (NULL, true);
SELECT datasurface.ds_ingest('delta', 5), datasurface.ds_run('delta');
SELECT error_sqlstate, error_message, error_detail FROM datasurface.batches WHERE stream = 'delta' AND state = 'failed';
SELECT datasurface.ds_reset_batch('delta', 5);

-- rows that are staged keep what they say: a model that says it anew waits until they are gone
CALL scene.make(scene.store('turns', scene.dataset('t', 'id integer, v text', more => '{"ingestion": {"kind": "push", "rows": "delta"}}')));
INSERT INTO turns.t_staging (id, v, ds_surf_deleted) VALUES (1, 'one', false), (2, NULL, true);
SELECT FROM datasurface.ds_load_model(scene.model(scene.store('turns', scene.dataset('t', 'id integer, v text'))), replace => false);
SELECT action, error FROM datasurface.ds_reconcile_schema('turns') WHERE action = 'failed';
TRUNCATE turns.t_staging;
SELECT action, object, statement, error FROM datasurface.ds_reconcile_schema('turns');

-- nothing is asked of what a delete says beside its key, by either engine
CREATE FUNCTION pg_temp.delete_by(by text, key integer) RETURNS text LANGUAGE plpgsql AS $$
BEGIN
    PERFORM set_config('datasurface.merge_engine', by, true);
    INSERT INTO asked.t_staging (id, v) VALUES (key, 'good');
    PERFORM datasurface.ds_ingest('asked', datasurface.ds_start_batch('asked')), datasurface.ds_run('asked');
    INSERT INTO asked.t_staging (id, v, ds_surf_deleted) VALUES (key, 'bad', true), (key + 1, 'bad', true), (key + 2, 'good', false);
    PERFORM datasurface.ds_ingest('asked', datasurface.ds_start_batch('asked')), datasurface.ds_run('asked');
    RETURN (SELECT concat_ws(' ', engine, state, inserted, deleted, unchanged) FROM datasurface.batch_datasets
        WHERE stream = 'asked' ORDER BY batch DESC LIMIT 1);
END $$;
CALL scene.make(scene.store('asked', scene.dataset('t', 'id integer, v text', more => '{"ingestion": {"kind": "push", "rows": "delta"},
    "checks": [{"name": "good", "condition": "v <> ''bad''", "severity": "fail"}]}'), '{"brakes": {"deletes": "off"}}'));
SELECT pg_temp.delete_by('native', 1);
SELECT pg_temp.delete_by('sql', 11);
