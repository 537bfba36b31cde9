-- Tables that are larger than the comparison's memory, in an order that has nothing to do with the last one's, alone
-- and with a parallel worker: the native engine and the sql engine end with the same rows, and say the same of odd
-- ones. A fillfactor of 10 makes many pages of few rows.
\set SHOW_CONTEXT never
SELECT scene.list(scene.store('large_' || engine,
    scene.dataset('kept', columns, key => 'id, code', milestoned => true,
        more => '{"fillfactor": 10, "duplicate_keys": "last"}')
    || scene.dataset('live', columns, key => 'id, code', more => '{"fillfactor": 10}'),
    '{"consistency": "single"}')) AS stores
FROM unnest('{native,sql}'::text[]) engine, (VALUES ('v numeric, code text, note text, id integer')) c(columns) \gset
CALL scene.make(:'stores');
ALTER TABLE large_native.kept_staging SET (fillfactor = 10);
ALTER TABLE large_native.live_staging SET (fillfactor = 10);

-- what is sorted here should leave no temporary files
SET work_mem = '64MB';
-- 40,000 rows of batch b in an order of its own: from the second on without each hundredth, with others changed and new
-- ones
CREATE TABLE public.large_source (n integer GENERATED ALWAYS AS IDENTITY, id integer, code text, v numeric, note text);
CREATE FUNCTION pg_temp.prepare(b integer, disorder integer) RETURNS void LANGUAGE sql AS $$
    TRUNCATE public.large_source RESTART IDENTITY;
    INSERT INTO public.large_source (id, code, v, note)
    SELECT i % 1000, 'code ' || i, CASE WHEN b > 1 AND i % 100 = 2 THEN b ELSE 1 END, repeat(i::text || ' ', 10)
    FROM generate_series(CASE WHEN b > 1 THEN -400 ELSE 1 END, 40000) i WHERE b = 1 OR i % 100 <> 1
    ORDER BY CASE WHEN disorder > 0 THEN md5(i || ' ' || disorder) END, CASE WHEN disorder = 0 THEN i ELSE -i END $$;
-- stages and merges it; engine, workers, and counts: inserted, updated, deleted, unchanged, surplus
CREATE FUNCTION pg_temp.batch(store text, dataset text, engine text) RETURNS text LANGUAGE plpgsql AS $$
DECLARE
    into_stream text := store || '#' || dataset;
    n integer := datasurface.ds_start_batch(into_stream);
    result text;
BEGIN
    EXECUTE format('INSERT INTO %I.%I (id, code, v, note) SELECT id, code, v, note FROM public.large_source ORDER BY n',
        store, dataset || '_staging');
    PERFORM datasurface.ds_ingest(into_stream, n), set_config('datasurface.merge_engine', engine, true),
        pg_stat_force_next_flush();
    PERFORM count(*) FROM datasurface.ds_merge_staging(into_stream, n);
    SELECT concat_ws(' ', x.engine, workers || ' workers', inserted, updated, deleted, unchanged, surplus) INTO result
    FROM datasurface.batch_datasets x WHERE stream = into_stream AND batch = n;
    RETURN result;
END $$;
CREATE FUNCTION pg_temp.differences(dataset text, OUT merge bigint, OUT history bigint, OUT expected bigint)
    LANGUAGE plpgsql AS $$
BEGIN
    EXECUTE format('SELECT count(*) FROM ((TABLE large_native.%1$I EXCEPT ALL TABLE large_sql.%1$I) UNION ALL'
        ' (TABLE large_sql.%1$I EXCEPT ALL TABLE large_native.%1$I)) x', dataset) INTO merge;
    EXECUTE format('SELECT count(*) FROM large_native.%I FULL JOIN (SELECT DISTINCT ON (id, code) * FROM public.large_source'
        ' ORDER BY id, code, n DESC) s USING (id, code, v, note) WHERE n IS NULL OR ds_surf_batch_in IS NULL', dataset)
            INTO expected;
    IF dataset = 'kept' THEN
        EXECUTE 'SELECT count(*) FROM ((TABLE large_native.kept_history EXCEPT ALL TABLE large_sql.kept_history) UNION ALL'
            ' (TABLE large_sql.kept_history EXCEPT ALL TABLE large_native.kept_history)) x' INTO history;
    END IF;
END $$;
CREATE FUNCTION pg_temp.temporary_files() RETURNS bigint LANGUAGE sql VOLATILE AS $$
    SELECT pg_stat_clear_snapshot();
    SELECT pg_stat_get_db_temp_files(oid) FROM pg_database WHERE datname = current_database() $$;

-- the first load
SELECT pg_temp.prepare(1, 0);
SELECT dataset, pg_temp.batch('large_native', dataset, 'native') AS native,
    pg_temp.batch('large_sql', dataset, 'sql') AS sql
FROM unnest('{kept,live}'::text[]) dataset;
SELECT dataset, d.* FROM unnest('{kept,live}'::text[]) dataset, pg_temp.differences(dataset) d;

-- backwards, by this process alone, with enough memory and with little
SET datasurface.merge_workers = 0;
SELECT pg_temp.prepare(2, -1), pg_stat_force_next_flush();
SELECT pg_temp.temporary_files() AS before \gset
SELECT pg_temp.batch('large_native', 'kept', 'native') AS native;
SELECT pg_temp.temporary_files() > :before AS spilled;
SET datasurface.merge_work_mem = '1MB';
SELECT pg_temp.batch('large_native', 'live', 'native') AS native;
SELECT pg_temp.temporary_files() > :before AS spilled;
SELECT dataset, pg_temp.batch('large_sql', dataset, 'sql') AS sql FROM unnest('{kept,live}'::text[]) dataset;
SELECT dataset, d.* FROM unnest('{kept,live}'::text[]) dataset, pg_temp.differences(dataset) d;

-- with a worker: with little memory, and with enough
SET datasurface.merge_workers = 1;
SELECT pg_temp.prepare(3, 3);
SELECT pg_temp.batch('large_native', 'kept', 'native') AS native, pg_temp.batch('large_sql', 'kept', 'sql') AS sql;
SELECT * FROM pg_temp.differences('kept');
RESET datasurface.merge_work_mem;
SELECT pg_temp.batch('large_native', 'live', 'native') AS native, pg_temp.batch('large_sql', 'live', 'sql') AS sql;
SELECT * FROM pg_temp.differences('live');

-- keys that are staged again, far from where they were first: the last one counts
INSERT INTO public.large_source (id, code, v, note)
SELECT id, code, v + CASE WHEN n % 2 = 0 THEN 0.5 ELSE 0 END, note FROM public.large_source
    WHERE n % 20 = 0 OR n % 101 = 0 ORDER BY md5(code);
SET datasurface.merge_work_mem = '1MB';
SELECT pg_temp.batch('large_native', 'kept', 'native') AS native, pg_temp.batch('large_sql', 'kept', 'sql') AS sql;
SELECT * FROM pg_temp.differences('kept');
SET datasurface.merge_workers = 0;
INSERT INTO public.large_source (id, code, v, note) SELECT id, code, 7, note FROM public.large_source
    WHERE n % 30 = 0 AND n < 3000;
SELECT pg_temp.batch('large_native', 'kept', 'native') AS native, pg_temp.batch('large_sql', 'kept', 'sql') AS sql;
SELECT * FROM pg_temp.differences('kept');
-- when there are more of these than the memory can hold, the sql engine helps out
INSERT INTO public.large_source (id, code, v, note) SELECT id, code, v, note FROM public.large_source WHERE n <= 40000;
SELECT pg_temp.batch('large_native', 'kept', 'native'); -- fails
SELECT pg_temp.batch('large_native', 'kept', 'auto') AS auto, pg_temp.batch('large_sql', 'kept', 'sql') AS sql;
SELECT engine_reason FROM datasurface.batch_datasets WHERE stream = 'large_native#kept' ORDER BY batch DESC LIMIT 1;
SELECT * FROM pg_temp.differences('kept');
-- or they are an error, whose message is the same from both engines
SELECT pg_temp.batch('large_native', 'live', 'native'); -- fails
SELECT pg_temp.batch('large_sql', 'live', 'sql'); -- fails
SET datasurface.merge_workers = 1;
SELECT pg_temp.prepare(5, 5);
INSERT INTO public.large_source (id, code, v, note) SELECT id, code, 7, note FROM public.large_source WHERE n = 1;
SELECT pg_temp.batch('large_native', 'live', 'native'); -- fails
UPDATE public.large_source SET code = NULL WHERE n = (SELECT max(n) FROM public.large_source);
SELECT pg_temp.batch('large_native', 'live', 'native'); -- fails
SELECT pg_temp.batch('large_sql', 'live', 'sql'); -- fails
DROP TABLE public.large_source;
