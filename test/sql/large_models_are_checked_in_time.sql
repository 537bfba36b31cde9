-- Checking a document takes time in proportion to its size. A check that compared each sink with each consumer would take minutes
-- here, which the limit cuts short.
SET statement_timeout = '30s';
CREATE FUNCTION pg_temp.sinks(count integer) RETURNS text LANGUAGE sql AS $$
    SELECT string_agg(format('{"store": "large", "dataset": "d", "name": "n%s"}', i), ',') FROM generate_series(1, count) i
$$;
CREATE FUNCTION pg_temp.consumers(count integer) RETURNS text LANGUAGE sql AS $$
    SELECT string_agg(format('{"workspace": "large_%s"}', i), ',') FROM generate_series(1, count) i
$$;
CREATE FUNCTION pg_temp.store(name text, consumers text) RETURNS text LANGUAGE sql AS $$
    SELECT format('{"name": "%s", "description": "d", "consumers": [%s], "datasets": [{"name": "d", "description": "d", "primary_key": ["id"],
        "ingestion": {"kind": "push"}, "columns": [{"name": "id", "type": "integer"}]}]}', name, consumers)
$$;
CREATE FUNCTION pg_temp.model(consumers text, workspaces text) RETURNS text LANGUAGE sql AS $$
    SELECT format('{"stores": [%s], "workspaces": [%s]}', pg_temp.store('large', consumers), workspaces)
$$;
CREATE FUNCTION pg_temp.codes(document text) RETURNS TABLE (severity text, code text, count bigint) LANGUAGE sql AS $$
    SELECT severity, code, count(*) FROM datasurface.ds_validate_model(document, replace => false) GROUP BY 1, 2 ORDER BY 1, 2
$$;

-- many sinks of one store, which names many consumers
SELECT * FROM pg_temp.codes(pg_temp.model(pg_temp.consumers(9999) || ',{"workspace": "large"}',
    '{"name": "large", "description": "d", "schema": "large_w", "groups": [{"name": "g", "sinks": [' || pg_temp.sinks(200000) || ']}]}'));
-- many consumers and many workspaces
SELECT * FROM pg_temp.codes(pg_temp.model(pg_temp.consumers(10000), (SELECT string_agg(
    format('{"name": "large_%s", "description": "d", "schema": "large_w", "groups": [{"name": "g", "sinks": [{"store": "large", "dataset": "d", "name": "n%1$s"}]}]}', i), ',')
    FROM generate_series(1, 10000) i)));
-- more consumers than a store may have
SELECT severity, pointer, code, message FROM datasurface.ds_validate_model(pg_temp.model(pg_temp.consumers(10001), ''), replace => false)
WHERE code = 'too_many_consumers';
-- no more problems are held than anybody reads, whoever finds them
SELECT * FROM pg_temp.codes(format('{"stores": [%s, %s]}', pg_temp.store('large', pg_temp.consumers(6000)), pg_temp.store('larger', pg_temp.consumers(6000))));
-- nor are more of them in one error
DO $$
DECLARE
    detail text;
BEGIN
    PERFORM datasurface.ds_load_model(pg_temp.model(pg_temp.consumers(3000), ''), replace => false);
EXCEPTION WHEN SQLSTATE 'SF001' THEN
    GET STACKED DIAGNOSTICS detail = PG_EXCEPTION_DETAIL;
    RAISE NOTICE '%: % lines, the last: %', SQLERRM, regexp_count(detail, E'\n') + 1, regexp_replace(detail, E'.*\n', '');
END $$;
-- a query that takes long to plan ends by the limit, wherever the check is by then
\set SHOW_CONTEXT never
SET statement_timeout = '500ms';
SELECT * FROM datasurface.ds_validate_model(format('{"stores": [{"name": "large", "description": "d", "datasets": [{"name": "d", "description": "d",
    "ingestion": {"kind": "sql_snapshot", "query": "%s"}, "primary_key": ["relname"], "columns": [{"name": "relname", "type": "name"}]}]}]}',
    (SELECT string_agg((SELECT 'SELECT relname FROM pg_class c0 ' || string_agg(format('JOIN pg_class c%s USING (relname)', i), ' ')
        FROM generate_series(1, 10) i), ' UNION ALL ') FROM generate_series(1, 50))), replace => false); -- fails
