-- The native engine looks the keys of a window up in the index of the merge table where that costs less than to read the table. What is
-- published is the same, and that of the sql engine.
CREATE FUNCTION pg_temp.model(columns text) RETURNS jsonb LANGUAGE sql AS $$
    SELECT scene.list(scene.store(s, scene.dataset('t', columns, key => 'b, a', milestoned => s = 'win_b', more =>
        '{"ingestion": {"kind": "push", "rows": "delta"}, "duplicate_keys": "last"}'), '{"brakes": {"deletes": "off"}}'))
    FROM unnest('{win_a,win_b,win_c}'::text[]) s
$$;
CALL scene.make(pg_temp.model('a integer, b text, v numeric'));
-- 1: looked up, 2: scanned, 3: by the sql engine
CREATE PROCEDURE pg_temp.use(way integer) LANGUAGE sql AS $$
    SELECT set_config('datasurface.merge_engine', CASE way WHEN 3 THEN 'sql' ELSE 'native' END, false),
        set_config('random_page_cost', CASE way WHEN 2 THEN '1000000' ELSE '0' END, false),
        set_config('seq_page_cost', CASE way WHEN 1 THEN '1000000' ELSE '0.1' END, false)
$$;
CREATE PROCEDURE pg_temp.run_all(rows text) LANGUAGE plpgsql AS $$
DECLARE
    way integer;
    to_store text;
BEGIN
    FOR way, to_store IN SELECT n, s FROM unnest('{win_a,win_b,win_c}'::text[]) WITH ORDINALITY x(s, n) LOOP
        EXECUTE format('INSERT INTO %I.t_staging (a, b, v, ds_surf_deleted) ', to_store) || rows;
        CALL pg_temp.use(way);
        PERFORM datasurface.ds_ingest(to_store, datasurface.ds_start_batch(to_store));
        IF datasurface.ds_run(to_store) <> 'DONE' THEN
            RAISE '%: %', to_store, (SELECT max(error_message) FROM datasurface.batches WHERE stream = to_store);
        END IF;
    END LOOP;
END $$;
CREATE VIEW pg_temp.seen AS SELECT stream, engine, looked_up, staged, inserted, updated, deleted, unchanged, surplus
    FROM datasurface.batch_datasets x WHERE stream LIKE 'win\__' AND batch = (SELECT last_batch FROM datasurface.streams t
        WHERE t.stream = x.stream) ORDER BY stream;
CREATE VIEW pg_temp.same AS SELECT count(*) AS rows, count(*) FILTER (WHERE n <> 3) AS differ FROM (
    SELECT count(*) AS n FROM (SELECT a, b, v FROM win_a.t UNION ALL SELECT a, b, v FROM win_b.t
        UNION ALL SELECT a, b, v FROM win_c.t) u
    GROUP BY u::text) z;

-- into an empty table, with deletes of what is not there
CALL pg_temp.run_all($$SELECT n, 'k' || n, n / 7.0, n % 10 = 0 FROM generate_series(1, 20000) n$$);
TABLE pg_temp.seen;
TABLE pg_temp.same;
-- rows that change, that do not, that are new; deletes
CALL pg_temp.run_all($$SELECT n, 'k' || n, CASE n % 3 WHEN 0 THEN 1 ELSE n / 7.0 END, nullif(n % 4, 3) = 0
    FROM generate_series(15001, 21000) n$$);
TABLE pg_temp.seen;
TABLE pg_temp.same;
-- keys that come twice, as upserts and deletes
CALL pg_temp.run_all($$SELECT n % 700, 'k' || n % 700, n, n % 3 = 0 FROM generate_series(1, 1500) n$$);
TABLE pg_temp.seen;
TABLE pg_temp.same;
-- numbers that are equal and stored differently: a change of the row, but not of the key
CALL pg_temp.run_all($$SELECT 1, 'k1', v, NULL::boolean FROM (VALUES (1.0), (1.00)) x(v)$$);
TABLE pg_temp.seen;
SELECT v FROM win_a.t WHERE a = 1 UNION ALL SELECT v FROM win_b.t WHERE a = 1 UNION ALL SELECT v FROM win_c.t WHERE a = 1;
CALL pg_temp.run_all($$SELECT 1, 'k1', 1.0, NULL$$);
TABLE pg_temp.seen;
SELECT ds_surf_batch_in, ds_surf_batch_out, v FROM win_b.t_history WHERE a = 1 ORDER BY 1;
-- with less memory than the window needs
SET datasurface.merge_work_mem = '1MB';
CALL pg_temp.run_all($$SELECT n, 'k' || n, n / 9.0, n % 5 = 0 FROM generate_series(1, 60000) n$$);
TABLE pg_temp.seen;
TABLE pg_temp.same;
RESET datasurface.merge_work_mem;
-- a column is added: the flag of a delete is no longer the last one of the staging table
CALL scene.make(pg_temp.model('a integer, b text, v numeric, w text'));
CALL pg_temp.run_all($$SELECT n, 'k' || n, n / 9.0, n % 7 = 0 FROM generate_series(1, 300) n$$);
TABLE pg_temp.seen;
TABLE pg_temp.same;
