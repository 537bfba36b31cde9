-- Both engines refuse the same staged rows by the same error. The native engine copies rows without the executor, so
-- what the executor would have found on the way must not be missed, and of several faults in a row the same one is
-- reported.
\set SHOW_CONTEXT never
CALL scene.make(scene.store('same_native', scene.dataset('t', 'id integer, v varchar(10)'))
    || scene.store('same_sql', scene.dataset('t', 'id integer, v varchar(10)')));
CREATE FUNCTION pg_temp.both(statement text) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
    EXECUTE replace(statement, 'SAME', 'same_native');
    EXECUTE replace(statement, 'SAME', 'same_sql');
END $$;
-- stages the rows and merges them: counts, or the whole error, after which nothing of the batch is left
CREATE FUNCTION pg_temp.merge(store text, engine text, staged text) RETURNS text LANGUAGE plpgsql AS $$
DECLARE
    n integer;
    detail text;
    hint text;
    result text;
BEGIN
    n := datasurface.ds_start_batch(store);
    PERFORM set_config('datasurface.merge_engine', engine, true);
    EXECUTE format('INSERT INTO %I.t_staging (id, v) VALUES %s', store, staged);
    PERFORM datasurface.ds_ingest(store, n);
    SELECT concat_ws('/', inserted, updated, deleted, unchanged) INTO result
        FROM datasurface.ds_merge_staging(store, n);
    RETURN result;
EXCEPTION WHEN OTHERS THEN
    GET STACKED DIAGNOSTICS detail = PG_EXCEPTION_DETAIL, hint = PG_EXCEPTION_HINT;
    RETURN replace(concat_ws(E'\n', SQLSTATE || ': ' || SQLERRM, detail, hint), store, 'SAME');
END $$;
-- the answer of the engine that is named, and whether the sql engine says the same
CREATE FUNCTION pg_temp.compare(engine text, staged text, OUT answer text, OUT same boolean) LANGUAGE sql AS $$
    SELECT a, a = s FROM (SELECT pg_temp.merge('same_native', engine, staged) a,
        pg_temp.merge('same_sql', 'sql', staged) s) x $$;

-- equal rows staged twice, and a unique index of the user's: the key is the fault, at a first load as later
SELECT pg_temp.both('CREATE UNIQUE INDEX t_v_idx ON SAME.t (v)');
SELECT * FROM pg_temp.compare('native', $$(1, 'one'), (2, 'two'), (1, 'one')$$);
SELECT * FROM pg_temp.compare('native', $$(1, 'one'), (2, 'two')$$);
SELECT * FROM pg_temp.compare('native', $$(1, 'one'), (2, 'two'), (3, 'three'), (3, 'three')$$);
-- the unique index alone: by a new row, and by one that changes
SELECT * FROM pg_temp.compare('native', $$(1, 'one'), (2, 'two'), (3, 'two')$$);
SELECT * FROM pg_temp.compare('native', $$(1, 'one'), (2, 'one')$$);

-- a modifier that differs: values need a cast, so the native engine leaves the dataset to the sql engine
SELECT pg_temp.both('ALTER TABLE SAME.t ALTER v TYPE varchar(3)');
SELECT * FROM pg_temp.compare('native', $$(1, 'one'), (2, 'two'), (3, 'more')$$);
SELECT * FROM pg_temp.compare('auto', $$(1, 'one'), (2, 'two'), (3, 'more')$$);
SELECT pg_temp.both('ALTER TABLE SAME.t ALTER v TYPE varchar(8)');
SELECT * FROM pg_temp.compare('auto', $$(1, 'one'), (2, 'two'), (3, 'more')$$);
SELECT id, v FROM same_native.t ORDER BY id;
SELECT pg_temp.both('ALTER TABLE SAME.t ALTER v TYPE varchar(10)');

-- a generated column of the staging table need not be in its rows
SELECT pg_temp.both('ALTER TABLE SAME.t_staging DROP v, ADD v varchar(10)'
    ' GENERATED ALWAYS AS (CASE id WHEN 1 THEN ''uno'' ELSE ''altro'' END) STORED');
SELECT * FROM pg_temp.compare('auto', '(1, DEFAULT)');
SELECT id, v FROM same_native.t ORDER BY id;
SELECT stream, batch, engine, engine_reason FROM datasurface.batch_datasets WHERE stream LIKE 'same\_%' ORDER BY 1, 2;
SELECT count(*) AS differences
FROM ((TABLE same_native.t EXCEPT ALL TABLE same_sql.t) UNION ALL (TABLE same_sql.t EXCEPT ALL TABLE same_native.t)) x;
