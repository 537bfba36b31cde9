-- The native engine copies rows without the executor. What the executor would have done on the way must not be missed, and
-- of several faults in a row the same one is told.
\set SHOW_CONTEXT never
CREATE FUNCTION pg_temp.load(store text, policy text) RETURNS bigint LANGUAGE sql AS $$
    SELECT version FROM datasurface.ds_load_model(json_build_object('stores', json_build_array(json_build_object('name', store, 'description', 'd',
        'datasets', json_build_array(json_build_object('name', 't', 'description', 'd', 'primary_key', json_build_array('id'), 'duplicate_keys', policy,
            'ingestion', json_build_object('kind', 'push'), 'columns', json_build_array(json_build_object('name', 'id', 'type', 'integer'),
                json_build_object('name', 'v', 'type', 'varchar(10)'))))))) ::text, replace => false)
$$;
SELECT pg_temp.load('regress_same', 'error') > 0 AS loaded;
SELECT count(*) FILTER (WHERE action = 'failed') AS failed FROM datasurface.ds_reconcile_schema('regress_same');

-- equal rows staged twice, and a unique index of the user's: the key is the fault, at a first load as later
CREATE UNIQUE INDEX t_v_idx ON regress_same.t (v);
SELECT datasurface.ds_start_batch('regress_same');
INSERT INTO regress_same.t_staging (id, v) VALUES (1, 'one'), (2, 'two'), (1, 'one');
SELECT datasurface.ds_ingest('regress_same', 1, 3);
SELECT * FROM datasurface.ds_merge_staging('regress_same', 1); -- fails
\echo :SQLSTATE
SELECT datasurface.ds_reset_batch('regress_same', 1);
INSERT INTO regress_same.t_staging (id, v) VALUES (1, 'one'), (2, 'two');
SELECT datasurface.ds_ingest('regress_same', 1, 2);
SELECT * FROM datasurface.ds_merge_staging('regress_same', 1);
SELECT datasurface.ds_start_batch('regress_same');
INSERT INTO regress_same.t_staging (id, v) VALUES (1, 'one'), (2, 'two'), (3, 'three'), (3, 'three');
SELECT datasurface.ds_ingest('regress_same', 2, 4);
SELECT * FROM datasurface.ds_merge_staging('regress_same', 2); -- fails
\echo :SQLSTATE
SELECT datasurface.ds_reset_batch('regress_same', 2);

-- a modifier that differs: values need a cast, which is SQL's doing
ALTER TABLE regress_same.t ALTER v TYPE varchar(3);
INSERT INTO regress_same.t_staging (id, v) VALUES (1, 'one'), (2, 'two'), (3, 'more');
SELECT datasurface.ds_ingest('regress_same', 2, 3);
SELECT * FROM datasurface.ds_merge_staging('regress_same', 2); -- fails
\echo :SQLSTATE
ALTER TABLE regress_same.t ALTER v TYPE varchar(8);
SELECT * FROM datasurface.ds_merge_staging('regress_same', 2);
SELECT id, v FROM regress_same.t ORDER BY id;
SELECT engine, engine_reason FROM datasurface.batch_datasets WHERE stream = 'regress_same' ORDER BY batch;
ALTER TABLE regress_same.t ALTER v TYPE varchar(10);

-- a generated column of the staging table need not be in its rows
SELECT datasurface.ds_start_batch('regress_same');
ALTER TABLE regress_same.t_staging DROP v, ADD v varchar(10) GENERATED ALWAYS AS (CASE id WHEN 1 THEN 'uno' ELSE 'altro' END) STORED;
INSERT INTO regress_same.t_staging (id) VALUES (1);
SELECT datasurface.ds_ingest('regress_same', 3, 1);
SELECT * FROM datasurface.ds_merge_staging('regress_same', 3);
SELECT id, v FROM regress_same.t ORDER BY id;
SELECT engine, engine_reason FROM datasurface.batch_datasets WHERE stream = 'regress_same' AND batch = 3;
