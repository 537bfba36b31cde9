-- A table of nearly as many columns as PostgreSQL allows is looked at in a time that grows with its columns, not with their square, also
-- while nobody has analyzed pg_description: its comments are read once each.
SELECT version > 0 AS loaded FROM datasurface.ds_load_model((SELECT jsonb_build_object('stores', jsonb_build_array(jsonb_build_object(
    'name', 'wide', 'description', 'd', 'datasets', jsonb_build_array(jsonb_build_object('name', 't', 'description', 'd',
        'milestoning', 'milestoned', 'primary_key', jsonb_build_array('c1'), 'ingestion', jsonb_build_object('kind', 'push'),
        'columns', jsonb_agg(jsonb_build_object('name', 'c' || c, 'type', 'integer', 'description', 'column ' || c)))))))::text
    FROM generate_series(1, 1500) c), replace => false);
SELECT count(*) FILTER (WHERE action = 'failed') AS failed FROM datasurface.ds_reconcile_schema('wide');
BEGIN;
SELECT * FROM datasurface.ds_reconcile_schema('wide');
SELECT idx_tup_fetch BETWEEN 3 * 1500 AND 4 * 1500 AS once_each FROM pg_stat_xact_sys_tables WHERE relname = 'pg_description';
COMMIT;
SET client_min_messages = warning;
DROP SCHEMA wide CASCADE;
