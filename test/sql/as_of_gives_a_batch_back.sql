-- <dataset>_as_of(batch) gives a milestoned dataset as it was when that batch was committed; it is inlined, so that
-- conditions reach the tables and their indexes. ds_batch_at says which batch that was at a time.
CALL scene.make(scene.store('asof',
    scene.dataset('t', 'id integer, v text', milestoned => true) || scene.dataset('live')));
SELECT datasurface.ds_batch_at('asof', now()); -- fails: nothing is committed yet
\echo :SQLSTATE
CREATE PROCEDURE pg_temp.batch(n integer) LANGUAGE plpgsql AS $$
BEGIN
    PERFORM datasurface.ds_start_batch('asof');
    INSERT INTO asof.t_staging (id, v) SELECT i, i / (6 - n) FROM generate_series(n, 20 * n) i;
    PERFORM datasurface.ds_ingest('asof', n, 19 * n + 1);
    PERFORM * FROM datasurface.ds_merge_staging('asof', n);
END $$;
CALL pg_temp.batch(1);
CALL pg_temp.batch(2);
SELECT clock_timestamp() AS after_2 \gset
CALL pg_temp.batch(3);
CALL pg_temp.batch(4);
-- against what was pushed
SELECT n AS batch, (SELECT count(*) FROM asof.t_as_of(n)) AS rows,
    (SELECT count(*) FROM (SELECT id, v FROM asof.t_as_of(n) EXCEPT ALL SELECT i, (i / (6 - n))::text
        FROM generate_series(n, 20 * n) i) x) AS too_many,
    (SELECT count(*) FROM (SELECT i, (i / (6 - n))::text FROM generate_series(n, 20 * n) i EXCEPT ALL SELECT id, v
        FROM asof.t_as_of(n)) x) AS missing
FROM generate_series(1, 4) n;
SELECT count(*) AS before_all FROM asof.t_as_of(0);
SELECT count(*) = (SELECT count(*) FROM asof.t) AS after_all_is_now FROM asof.t_as_of(2147483646);
SELECT count(*) AS of_null FROM asof.t_as_of(NULL);

-- inlined: no function scan in the plan, and the condition is asked of both tables
CREATE FUNCTION pg_temp.plan(query text) RETURNS jsonb LANGUAGE plpgsql AS $$
DECLARE plan json;
BEGIN
    EXECUTE 'EXPLAIN (FORMAT JSON, COSTS OFF) ' || query INTO plan;
    RETURN plan;
END $$;
SET enable_seqscan = off;
SELECT jsonb_path_exists(p, '$.** ? (@."Node Type" == "Function Scan")') AS function_scan,
       jsonb_path_query_array(p, 'strict $.**."Relation Name"') AS relations,
       jsonb_path_exists(p, '$.** ? (@."Index Name" == "t_pkey")') AS by_key,
       jsonb_path_exists(p, '$.** ? (@."Index Name" == "t_history_key_idx")') AS by_history_key
FROM pg_temp.plan('SELECT v FROM asof.t_as_of(2) WHERE id = 7') p;
RESET enable_seqscan;
-- it needs nothing of the extension, nor of the caller's search_path
SELECT count(*) AS depends_on_extension
    FROM pg_depend d WHERE d.objid = 'asof.t_as_of(integer)'::regprocedure AND d.refclassid = 'pg_extension'::regclass;
SELECT provolatile, proparallel, prosecdef, proconfig FROM pg_proc WHERE oid = 'asof.t_as_of(integer)'::regprocedure;
SET search_path = pg_temp;
CREATE TEMP TABLE t_history (LIKE asof.t_history);
SELECT count(*) FROM asof.t_as_of(1);
RESET search_path;
SELECT to_regprocedure('asof.live_as_of(integer)') IS NULL AS none_for_live;

-- by time
SELECT datasurface.ds_batch_at('asof', :'after_2'), datasurface.ds_batch_at('asof', checked_at) AS newest,
    datasurface.ds_batch_at('asof', '-infinity'),
       datasurface.ds_batch_at('asof', '2000-01-01')
FROM datasurface.streams WHERE stream = 'asof';
SELECT count(*) FROM asof.t_as_of(datasurface.ds_batch_at('asof', :'after_2'));
SET TimeZone = 'Asia/Kathmandu'; SET DateStyle = 'SQL, DMY';
SELECT datasurface.ds_batch_at('asof', :'after_2'::timestamptz);
RESET TimeZone; RESET DateStyle;
SELECT bool_and(datasurface.ds_batch_at('asof', finished_at) = batch
    AND datasurface.ds_batch_at('asof', finished_at - interval '1 microsecond') IS NOT DISTINCT FROM nullif(batch - 1,
    0)) AS to_the_microsecond
FROM datasurface.batches WHERE stream = 'asof';
-- open and failed batches are no time
SELECT datasurface.ds_start_batch('asof');
SELECT datasurface.ds_batch_at('asof', checked_at) FROM datasurface.streams WHERE stream = 'asof';
SELECT datasurface.ds_batch_at('nowhere', now()); -- fails
\echo :SQLSTATE
-- the answer stays when the store leaves the model: its batches and their rows are still there
BEGIN;
UPDATE datasurface.stream SET in_model = false WHERE name = 'asof';
SELECT datasurface.ds_batch_at('asof', checked_at) FROM datasurface.stream WHERE name = 'asof';
ROLLBACK;
