-- ds_reconcile_schema creates all that the model wants and nothing that is there: a second call takes no step. A
-- nullable column that the model gains is added to tables, views and the as-of function, last, and no row gets a
-- version by it.
CREATE SCHEMA reconcile_source;
CREATE TABLE reconcile_source.t (id integer, name text, note text, height numeric);
INSERT INTO reconcile_source.t VALUES (1, 'a', NULL, NULL), (2, 'b', 'noted', NULL), (3, 'c', NULL, 1.70);
CREATE FUNCTION pg_temp.model(first_columns jsonb DEFAULT '[]') RETURNS text LANGUAGE sql AS $$
    SELECT scene.model(scene.store('reconcile',
        scene.dataset('t', query => 'TABLE reconcile_source.t', milestoned => true, more => jsonb_build_object(
            'description', 'the dataset', 'columns', first_columns
                || '{"name": "id", "type": "integer", "description": "the key"}'
                    || scene.columns('name text not null')))
        || scene.dataset('u', query => 'SELECT 1 AS id', more => '{"fillfactor": 50}'), '{"description": "the store"}'),
    scene.workspace('reconcile_desk', '{reconcile.t,reconcile.u as renamed}', '{"description": "the workspace"}')) $$;
SELECT version > 0 AS loaded FROM datasurface.ds_load_model(pg_temp.model(), replace => false);
-- before it, a batch cannot be started
SELECT datasurface.ds_run('reconcile'); -- fails
\echo :SQLSTATE
SELECT dataset, merge_table, reconciled FROM datasurface.datasets WHERE store = 'reconcile' ORDER BY 1;

SELECT object, action, error FROM datasurface.ds_reconcile_schema('reconcile');
SELECT * FROM datasurface.ds_reconcile_schema('reconcile');
SELECT dataset, merge_table, reconciled FROM datasurface.datasets WHERE store = 'reconcile' ORDER BY 1;
-- the layout: system columns first, the key, fillfactor, indexes, comments
SELECT c.relname, string_agg(format('%s %s%s', attname, format_type(atttypid, atttypmod), CASE WHEN attnotnull
    THEN ' not null' END), ', ' ORDER BY attnum) AS columns, c.reloptions
FROM pg_class c JOIN pg_attribute a ON attrelid = c.oid WHERE relnamespace = 'reconcile'::regnamespace AND relkind = 'r'
    AND attnum > 0 GROUP BY c.oid, 1, 3 ORDER BY 1;
SELECT indexdef FROM pg_indexes WHERE schemaname = 'reconcile' ORDER BY 1;
SELECT relname, obj_description(oid, 'pg_class') AS comment
    FROM pg_class WHERE relnamespace IN ('reconcile'::regnamespace, 'reconcile_desk'::regnamespace)
    AND relkind IN ('r', 'v') ORDER BY relname, obj_description(oid, 'pg_class') COLLATE "C" DESC;
SELECT obj_description('reconcile'::regnamespace, 'pg_namespace') AS schema,
    obj_description('reconcile_desk'::regnamespace, 'pg_namespace') AS workspace,
       obj_description('reconcile.t_as_of(integer)'::regprocedure, 'pg_proc') AS function,
           col_description('reconcile.t'::regclass, 3) AS key;

-- new nullable columns, named first in the model: last in tables, views and function; grants stay
SELECT datasurface.ds_run('reconcile');
CREATE ROLE regress_reconcile_reader;
GRANT USAGE ON SCHEMA reconcile_desk TO regress_reconcile_reader;
GRANT SELECT ON reconcile_desk.t TO regress_reconcile_reader;
SELECT version > 0 AS loaded FROM datasurface.ds_load_model(pg_temp.model(scene.columns('note text')
    || '{"name": "height", "type": "numeric(4,2)", "description": "metres"}'), replace => false);
SELECT datasurface.ds_run('reconcile'); -- fails: not reconciled yet
\echo :SQLSTATE
SELECT object, action, error FROM datasurface.ds_reconcile_schema('reconcile');
SELECT * FROM datasurface.ds_reconcile_schema('reconcile');
SELECT datasurface.ds_run('reconcile', 'after');
SELECT dataset, inserted, updated, deleted, unchanged FROM datasurface.batch_datasets
    WHERE stream = 'reconcile' AND batch = 2 ORDER BY 1;
SET ROLE regress_reconcile_reader;
SELECT * FROM reconcile_desk.t ORDER BY id;
RESET ROLE;
SELECT * FROM reconcile_desk.t_full ORDER BY id, ds_surf_batch_in;
SELECT * FROM reconcile.t_as_of(1) ORDER BY id;
SELECT * FROM reconcile.t_as_of(2) ORDER BY id;
-- a person may have made the same column before; and indexes, columns of his own and comments do not disturb
ALTER TABLE reconcile.t ADD mine text;
CREATE INDEX mine_idx ON reconcile.t (name);
SELECT * FROM datasurface.ds_reconcile_schema('reconcile');
UPDATE reconcile.t SET mine = 'kept';
SELECT datasurface.ds_run('reconcile', 'moved');
SELECT dataset, inserted, updated, deleted, unchanged FROM datasurface.batch_datasets
    WHERE stream = 'reconcile' AND batch = 3 ORDER BY 1;
-- what was dropped by hand is made again, grants are not
DROP VIEW reconcile_desk.renamed;
DROP INDEX reconcile.t_history_out_idx;
COMMENT ON TABLE reconcile.u IS NULL;
SELECT object, action, error FROM datasurface.ds_reconcile_schema('reconcile');
SELECT * FROM datasurface.ds_reconcile_schema('reconcile');
SELECT * FROM datasurface.ds_reconcile_schema('no_such_store'); -- fails
\echo :SQLSTATE
DROP OWNED BY regress_reconcile_reader;
DROP ROLE regress_reconcile_reader;
