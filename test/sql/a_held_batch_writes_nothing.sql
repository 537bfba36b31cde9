-- All datasets of a batch are compared before the first is written. So a batch that is stopped by a brake or a check leaves no dead
-- rows behind, though it is pulled and held every minute. The sql engine writes once; when the batch is already held, it compares first.
\set SHOW_CONTEXT never
SET client_min_messages = error;
CREATE SCHEMA unwritten_source;
CREATE TABLE unwritten_source.orders (id integer, v text);
CREATE TABLE unwritten_source.customers (id integer, v text);
INSERT INTO unwritten_source.orders SELECT i, 'old' FROM generate_series(1, 100) i;
INSERT INTO unwritten_source.customers SELECT i, 'old' FROM generate_series(1, 100) i;

-- rows that somebody has written to and given up, or not committed, have an xmax; by which transactions
CREATE FUNCTION pg_temp.traces(store text) RETURNS text LANGUAGE plpgsql AS $$
DECLARE
    traces text;
BEGIN
    EXECUTE format('SELECT string_agg(DISTINCT xmax::text, '','') FROM (SELECT xmax FROM %1$I.orders UNION ALL SELECT xmax'
        ' FROM %1$I.customers) x WHERE xmax::text <> ''0''', store) INTO traces;
    RETURN coalesce(traces, 'none');
END $$;
-- the orders, which come first, are changed, and then the customers stop the batch
CREATE FUNCTION pg_temp.store(name text) RETURNS jsonb LANGUAGE sql AS $$
    SELECT scene.store(name, scene.dataset('orders', 'id integer, v text', 'TABLE unwritten_source.orders')
        || scene.dataset('customers', 'id integer, v text', 'TABLE unwritten_source.customers',
            more => '{"brakes": {"deletes": {"percent": 10}},
                "checks": [{"name": "old", "condition": "v = ''old''", "severity": "hold"}]}'))
$$;
CALL scene.make(pg_temp.store('unwritten_native') || pg_temp.store('unwritten_sql'));
SELECT datasurface.ds_run('unwritten_native'), datasurface.ds_run('unwritten_sql');
UPDATE unwritten_source.orders SET v = 'new';
DELETE FROM unwritten_source.customers WHERE id > 80;

SET datasurface.merge_engine = native;
SELECT datasurface.ds_run('unwritten_native', 'first'), pg_temp.traces('unwritten_native');
SELECT datasurface.ds_run('unwritten_native', 'second'), pg_temp.traces('unwritten_native');
UPDATE unwritten_source.customers SET v = 'new' WHERE id = 1;
SELECT datasurface.ds_run('unwritten_native', 'a check too'), pg_temp.traces('unwritten_native');
-- nor does a release that finds other changes
DELETE FROM unwritten_native.orders WHERE id = 100;
SELECT datasurface.ds_release_batch('unwritten_native', 3, 'is refused'), pg_temp.traces('unwritten_native');
SELECT datasurface.ds_release_batch('unwritten_native', 3, 'published'), pg_temp.traces('unwritten_native');

SET datasurface.merge_engine = sql;
SELECT datasurface.ds_run('unwritten_sql', 'first'), pg_temp.traces('unwritten_sql') <> 'none' AS wrote;
SELECT pg_temp.traces('unwritten_sql') AS before \gset
SELECT datasurface.ds_run('unwritten_sql', 'second'), pg_temp.traces('unwritten_sql') = :'before' AS wrote_no_more;
DELETE FROM unwritten_source.customers WHERE id > 70;
SELECT datasurface.ds_run('unwritten_sql', 'third'), pg_temp.traces('unwritten_sql') = :'before' AS wrote_no_more;
DELETE FROM unwritten_sql.orders WHERE id = 100;
SELECT datasurface.ds_release_batch('unwritten_sql', 3, 'is refused'),
    pg_temp.traces('unwritten_sql') = :'before' AS wrote_no_more;
SELECT datasurface.ds_release_batch('unwritten_sql', 3, 'published'), pg_temp.traces('unwritten_sql');
SELECT stream, batch, state, inserted, updated, deleted FROM datasurface.batches WHERE stream LIKE 'unwritten%'
    ORDER BY stream, batch;
