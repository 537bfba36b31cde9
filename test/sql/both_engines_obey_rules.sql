-- Rows that break a rule of a user's own are refused by both engines alike: the same SQLSTATE, message and DETAIL,
-- whether the row is new, changed, or goes to the history. And values that are only there in another form are no
-- change.
\set SHOW_CONTEXT never
CALL scene.make(scene.store('rulers_native',
    scene.dataset('t', 'k integer, v text, w text, u integer', milestoned => true))
    || scene.store('rulers_sql', scene.dataset('t', 'k integer, v text, w text, u integer', milestoned => true)));
CREATE FUNCTION pg_temp.both(sql text) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
    EXECUTE replace(sql, 'rulers', 'rulers_native');
    EXECUTE replace(sql, 'rulers', 'rulers_sql');
END $$;
SELECT pg_temp.both('ALTER TABLE rulers.t ADD CONSTRAINT even CHECK (u % 2 = 0), ALTER w SET NOT NULL');
SELECT pg_temp.both('ALTER TABLE rulers.t_history ADD CONSTRAINT short CHECK (length(v) < 4)');
SELECT pg_temp.both('CREATE UNIQUE INDEX one ON rulers.t (lower(v)) WHERE u > 0');
SELECT pg_temp.both('CREATE INDEX inverse ON rulers.t ((10 / (u - 100)))');

-- stages the rows and merges them by each engine; counts, or the error
CREATE FUNCTION pg_temp.merge(engine text, VARIADIC rows text[]) RETURNS text LANGUAGE plpgsql AS $$
DECLARE
    store text := 'rulers_' || engine;
    n integer;
    result text;
BEGIN
    n := datasurface.ds_start_batch(store);
    PERFORM set_config('datasurface.merge_engine', engine, true);
    EXECUTE format('INSERT INTO %I.t_staging (k, v, w, u)'
        ' SELECT r[1]::integer, r[2], r[3], r[4]::integer FROM unnest($1) u(s),'
        ' string_to_array(s, '','', ''null'') r', store) USING rows;
    PERFORM datasurface.ds_ingest(store, n, cardinality(rows));
    SELECT concat_ws('/', inserted, updated, deleted, unchanged) INTO result
        FROM datasurface.ds_merge_staging(store, n);
    RETURN result;
EXCEPTION WHEN OTHERS THEN
    GET STACKED DIAGNOSTICS result = PG_EXCEPTION_DETAIL;
    RETURN replace(SQLSTATE || ' ' || SQLERRM || ' ' || result, store, 'rulers');
END $$;
CREATE FUNCTION pg_temp.merge_by_both(VARIADIC rows text[], OUT native text, OUT same boolean) LANGUAGE sql AS
$$ SELECT n, n = s FROM (SELECT pg_temp.merge('native', VARIADIC rows) n, pg_temp.merge('sql', VARIADIC rows) s) x $$;

SELECT * FROM pg_temp.merge_by_both('1,a,x,2', '2,b,x,3');
SELECT * FROM pg_temp.merge_by_both('1,a,x,2', '2,b,null,4');
SELECT * FROM pg_temp.merge_by_both('1,a,x,2', '2,A,x,4');
SELECT * FROM pg_temp.merge_by_both('1,a,x,2', '2,b,x,100');
SELECT * FROM pg_temp.merge_by_both('1,a,x,2', '2,A,x,-4', '3,long,x,8', '4,b,x,null');
-- rows that change, and new ones beside them
SELECT * FROM pg_temp.merge_by_both('1,a,x,3', '2,A,x,-4', '3,long,x,8', '4,b,x,null');
SELECT * FROM pg_temp.merge_by_both('1,a,null,2', '2,A,x,-4', '3,long,x,8', '4,b,x,null');
SELECT * FROM pg_temp.merge_by_both('1,a,x,2', '2,A,x,4', '3,long,x,8', '4,b,x,null');
SELECT * FROM pg_temp.merge_by_both('1,a,x,2', '2,A,x,-4', '3,long,x,8', '4,b,x,100');
SELECT * FROM pg_temp.merge_by_both('1,a,x,2', '2,A,x,-4', '3,long,x,8', '4,b,x,null', '5,LONG,x,6');
-- the version that ends does not fit the history: changed, deleted
SELECT * FROM pg_temp.merge_by_both('1,a,x,2', '2,A,x,-4', '3,lang,x,8', '4,b,x,null');
SELECT * FROM pg_temp.merge_by_both('1,a,x,2', '2,A,x,-4', '4,b,x,null');
-- a unique value that one row gives up is free for another: of a row that goes, and of one that changes
SELECT * FROM pg_temp.merge_by_both('2,A,x,-4', '3,long,x,8', '4,b,x,null', '9,A,x,10');
SELECT * FROM pg_temp.merge_by_both('2,A,x,-4', '3,long,x,8', '4,b,x,null', '9,c,x,10', '10,a,x,12');
TABLE rulers_native.t ORDER BY k;
SELECT count(*) AS differences FROM ((TABLE rulers_native.t EXCEPT ALL TABLE rulers_sql.t)
    UNION ALL (TABLE rulers_sql.t EXCEPT ALL TABLE rulers_native.t)) x;
SELECT count(*) AS differences FROM ((TABLE rulers_native.t_history EXCEPT ALL TABLE rulers_sql.t_history)
    UNION ALL (TABLE rulers_sql.t_history EXCEPT ALL TABLE rulers_native.t_history)) x;

-- the same values stored in another form, on either side: nothing is written
SELECT pg_temp.both('ALTER TABLE rulers.t ALTER v SET STORAGE EXTERNAL, ALTER w SET STORAGE PLAIN');
SELECT pg_temp.both('ALTER TABLE rulers.t_staging ALTER v SET STORAGE MAIN, ALTER w SET STORAGE EXTENDED');
SELECT pg_temp.both('DROP INDEX rulers.one');
SELECT pg_temp.both('ALTER TABLE rulers.t_history DROP CONSTRAINT short');
SELECT array_agg(concat_ws(',', k, v, w, 2)) AS forms
    FROM (VALUES (1, repeat('ab', 2000), 'x'), (2, repeat('x', 40000), repeat('y', 3000)),
    (3, (SELECT string_agg(md5(i::text), '') FROM generate_series(1, 500) i), 'z'),
    (4, (SELECT string_agg(md5(i::text), '') FROM generate_series(1, 70) i), 'z'),
    (5, repeat('short', 20), repeat('w', 126)), (6, '', repeat('w', 127))) x(k, v, w) \gset
SELECT * FROM pg_temp.merge_by_both(VARIADIC :'forms'::text[]);
SELECT * FROM pg_temp.merge_by_both(VARIADIC :'forms'::text[]);
SELECT pg_temp.both('ALTER TABLE rulers.t_staging ALTER v SET STORAGE EXTERNAL, ALTER w SET STORAGE PLAIN');
SELECT * FROM pg_temp.merge_by_both(VARIADIC :'forms'::text[]);
-- a character at the end of what is stored elsewhere is one
SELECT * FROM pg_temp.merge_by_both(VARIADIC
    (SELECT array_agg(CASE WHEN f LIKE '2,%' THEN regexp_replace(f, 'x,', 'z,') ELSE f END)
    FROM unnest(:'forms'::text[]) f));
SELECT count(*) AS differences FROM ((TABLE rulers_native.t EXCEPT ALL TABLE rulers_sql.t)
    UNION ALL (TABLE rulers_sql.t EXCEPT ALL TABLE rulers_native.t)) x;
-- and the same bytes are a change where they are another column's
SELECT pg_temp.both('ALTER TABLE rulers.t ALTER w DROP NOT NULL');
SELECT * FROM pg_temp.merge_by_both('1,a,null,2', '2,null,null,4', '3,null,b,6');
SELECT * FROM pg_temp.merge_by_both('1,null,a,2', '2,null,null,4', '3,null,b,6');
TABLE rulers_native.t ORDER BY k;
