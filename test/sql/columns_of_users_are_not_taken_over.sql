-- A column that the model adds, while a user has added one of that name to the table: reconcile refuses it, and batches leave that of the
-- user alone. Nor can a column be added where dropped ones have taken all places of the table.
CREATE SCHEMA regress_own_source;
CREATE TABLE regress_own_source.t AS SELECT 1 AS id, 'theirs'::text AS note;
CREATE FUNCTION pg_temp.store(name text, columns text, of_query text) RETURNS jsonb LANGUAGE sql AS $$
    SELECT scene.store(name, scene.dataset('t', columns, 'SELECT ' || of_query || ' FROM regress_own_source.t',
        milestoned => true)) $$;
CREATE FUNCTION pg_temp.load(stores jsonb) RETURNS boolean LANGUAGE sql AS $$
    SELECT version > 0 FROM datasurface.ds_load_model(scene.model(stores), replace => false) $$;
CALL scene.make(pg_temp.store('columns_own', 'id integer', 'id'));
SELECT datasurface.ds_run('columns_own');
ALTER TABLE columns_own.t ADD note text DEFAULT 'mine';
SELECT datasurface.ds_run('columns_own');
\x
SELECT pg_temp.load(pg_temp.store('columns_own', 'id integer, note text', 'id, note'));
SELECT object, action, class, reason FROM datasurface.ds_plan_schema(store => 'columns_own');
SELECT action, error, detail, hint FROM datasurface.ds_reconcile_schema('columns_own');
-- of another type, too
SELECT pg_temp.load(pg_temp.store('columns_own', 'id integer, note integer', 'id, 1 AS note'));
SELECT action, error FROM datasurface.ds_reconcile_schema('columns_own', '{lossy,rewrite}');
ALTER TABLE columns_own.t RENAME COLUMN note TO remark;
CALL scene.make(pg_temp.store('columns_own', 'id integer, note text', 'id, note'));
SELECT datasurface.ds_run('columns_own');
SELECT id, remark, note FROM columns_own.t;
-- one that was dropped by hand, and put back, is ours still
ALTER TABLE columns_own.t_staging DROP note;
ALTER TABLE columns_own.t_staging ADD note text;
SELECT count(*) FILTER (WHERE action = 'failed') AS failed FROM datasurface.ds_reconcile_schema('columns_own');
SELECT datasurface.ds_run('columns_own');

DO $$
DECLARE
    list text;
BEGIN
    SELECT string_agg('ADD regress_' || i || ' bool', ', ') INTO list FROM generate_series(1, 1591) i;
    EXECUTE 'ALTER TABLE columns_own.t ' || list;
    EXECUTE 'ALTER TABLE columns_own.t ' || replace(replace(list, 'ADD ', 'DROP '), ' bool', '');
END $$;
SELECT relnatts FROM pg_class WHERE oid = 'columns_own.t'::regclass;
CREATE FUNCTION pg_temp.wider(added integer) RETURNS jsonb LANGUAGE sql AS $$
    SELECT pg_temp.store('columns_own', 'id integer, note text' || string_agg(', a' || i || ' integer', '' ORDER BY i),
        'id, note' || string_agg(', 1 AS a' || i, '' ORDER BY i)) FROM generate_series(1, added) i $$;
SELECT pg_temp.load(pg_temp.wider(5));
SELECT object, action, class, reason FROM datasurface.ds_plan_schema(store => 'columns_own');
SELECT action, error, detail, hint FROM datasurface.ds_reconcile_schema('columns_own');
CALL scene.make(pg_temp.wider(4));
SELECT datasurface.ds_run('columns_own');

-- a default, of which PostgreSQL keeps the value within a row of 8 kB: one of 4 kB that does not compress
CALL scene.make(scene.store('regress_own_default', scene.dataset('t')));
CREATE FUNCTION pg_temp.with_default() RETURNS jsonb LANGUAGE sql AS $$
    SELECT scene.store('regress_own_default', scene.dataset('t', more => jsonb_build_object('columns', scene.columns('id integer')
        || jsonb_build_array(jsonb_build_object('name', 'd', 'type', 'text', 'nullable', false, 'default',
            (SELECT string_agg(chr(131072 + i * i % 39989), '') FROM generate_series(1, 1000) i)))))) $$;
CALL scene.make(pg_temp.with_default());
SELECT octet_length(pg_temp.with_default() #>> '{0,datasets,0,columns,1,default}');
