-- A change of a dataset's tables drops the views on it for a moment, and asks for the condition that each has in the
-- model: the workspace is read once for all of them, not once for each.
\set SHOW_CONTEXT never
CREATE SCHEMA once_source;
CREATE TABLE once_source.t AS SELECT i AS id, i AS v FROM generate_series(1, 3) i;
CREATE FUNCTION pg_temp.load(type text, sinks integer) RETURNS boolean LANGUAGE sql AS $$
    SELECT version > 0 FROM datasurface.ds_load_model(scene.model(
        scene.store('once', scene.dataset('t', 'id integer, v ' || type, 'TABLE once_source.t')),
        scene.workspace('once_desk', '{}', jsonb_build_object('groups', jsonb_build_array(jsonb_build_object(
            'name', 'g', 'description', 'd', 'sinks', (SELECT jsonb_agg(jsonb_build_object('store', 'once',
                'dataset', 't', 'name', 's' || s, 'where', 'v > ' || s)) FROM generate_series(1, sinks) s)))))),
        replace => false) $$;
-- by one transaction
CREATE VIEW pg_temp.reads AS SELECT coalesce(seq_scan, 0) + coalesce(idx_scan, 0) AS count
    FROM pg_stat_xact_all_tables WHERE relid = 'datasurface.workspace'::regclass;
CREATE FUNCTION pg_temp.planned(OUT created bigint, OUT reads bigint) LANGUAGE plpgsql AS $$
DECLARE before bigint := (SELECT count FROM pg_temp.reads);
BEGIN
    SELECT count(*) FILTER (WHERE action = 'create' AND statement ~ 'WHERE') INTO created
        FROM datasurface.ds_plan_schema(store => 'once');
    reads := (SELECT count FROM pg_temp.reads) - before;
END $$;

SELECT pg_temp.load('integer', 3);
SELECT count(*) FILTER (WHERE action = 'failed') AS failed FROM datasurface.ds_reconcile_schema('once');
SELECT pg_temp.load('smallint', 3);
SELECT created, reads AS few FROM pg_temp.planned() \gset
SELECT :created AS created;
SELECT pg_temp.load('integer', 23);
SELECT count(*) FILTER (WHERE action = 'failed') AS failed FROM datasurface.ds_reconcile_schema('once');
SELECT pg_temp.load('smallint', 23);
SELECT created, reads - :few AS more_reads FROM pg_temp.planned();
-- the views have the conditions of the model then
SELECT count(*) FILTER (WHERE action = 'failed') AS failed
    FROM datasurface.ds_reconcile_schema('once', '{rewrite,lossy}');
SELECT count(*) AS views,
    count(*) FILTER (WHERE pg_get_viewdef(c.oid) ~ (' > ' || substr(relname, 2) || '[^0-9]')) AS right_ones
    FROM pg_class c WHERE relnamespace = 'once_desk'::regnamespace AND relkind = 'v';
