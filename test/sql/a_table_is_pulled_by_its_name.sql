-- A dataset may name the table that it is pulled from, in place of a query: with other names for columns, a filter, and
-- what other columns mean. In a database of its own.
\set SHOW_CONTEXT never
SELECT current_database() AS regress_database \gset
CREATE DATABASE table_by_name;
\c table_by_name
CREATE EXTENSION datasurface;
CREATE ROLE regress_table_owner;
GRANT CREATE ON DATABASE table_by_name TO regress_table_owner;
CREATE SCHEMA "erp.eu";
GRANT USAGE ON SCHEMA "erp.eu" TO regress_table_owner;
CREATE TABLE "erp.eu"."Customers" ("CustNo" integer PRIMARY KEY, name text, region text);
GRANT SELECT ON "erp.eu"."Customers" TO regress_table_owner;
INSERT INTO "erp.eu"."Customers" VALUES (1, 'Ada', 'EU'), (2, 'Bob', 'US'), (3, 'Cleo', 'EU');
CREATE FUNCTION model(ingestion jsonb, id text DEFAULT 'CustNo', type text DEFAULT 'integer') RETURNS text
    LANGUAGE sql AS $$
    SELECT scene.model(scene.store('crm', scene.dataset('customers', more => jsonb_build_object(
        'columns', jsonb_build_array(jsonb_build_object('name', 'id', 'type', type, 'from', id),
            '{"name": "name", "type": "text"}'::jsonb),
        'ingestion', '{"kind": "sql_snapshot", "from": "\"erp.eu\".Customers"}'::jsonb || ingestion)),
        '{"owner": "regress_table_owner"}')) $$;
CREATE FUNCTION tell(ingestion jsonb, id text DEFAULT 'CustNo', type text DEFAULT 'integer') RETURNS text
    LANGUAGE sql AS $$
    SELECT coalesce(string_agg(concat_ws(E'\n    ', severity || ' ' || code || ' ' || substr(pointer, 22),
        message, hint),
        E'\n' ORDER BY severity, code), 'fine')
    FROM datasurface.ds_validate_model(model(ingestion, id, type)) WHERE code <> 'no_description' $$;
SET client_min_messages = error;

SELECT version FROM datasurface.ds_load_model(model('{"filter": "region = ''EU'' -- not yet the others"}'));
SELECT count(*) FILTER (WHERE action = 'failed') AS failed FROM datasurface.ds_reconcile_schema();
SELECT datasurface.ds_run('crm');
SELECT id, name FROM crm.customers ORDER BY id;
-- a batch that is open when the filter changes is outdated
SELECT datasurface.ds_ingest('crm', datasurface.ds_start_batch('crm'));
SELECT version FROM datasurface.ds_load_model(model('{"filter": "true"}'));
SELECT scene.refused('SELECT datasurface.ds_merge_staging(''crm'', 2)');
SELECT datasurface.ds_run('crm');
SELECT id, name FROM crm.customers ORDER BY id;
-- a column that comes to the table: of no interest, or an error
SELECT version FROM datasurface.ds_load_model(model('{"match_columns": "exact"}')); -- fails: region
ALTER TABLE "erp.eu"."Customers" DROP COLUMN region;
SELECT version FROM datasurface.ds_load_model(model('{"match_columns": "exact"}'));
SELECT datasurface.ds_run('crm');
ALTER TABLE "erp.eu"."Customers" ADD COLUMN vat text;
SELECT scene.refused('SELECT datasurface.ds_run(''crm'')');
SELECT state, error_sqlstate, error_message FROM datasurface.batches WHERE stream = 'crm' ORDER BY batch DESC LIMIT 1;
SELECT version FROM datasurface.ds_load_model(model('{}'));
SELECT datasurface.ds_run('crm');

-- what is wrong is told with its place
\pset format unaligned
\pset tuples_only on
SELECT tell('{}');
SELECT tell('{}', id => 'custno');
SELECT tell('{}', type => 'date');
SELECT tell('{"from": "erp.customers"}');
SELECT tell('{"from": "\"erp.eu\".customers"}');
SELECT tell('{"filter": "nmae = ''x''"}');
SELECT tell('{"filter": "name"}');
-- a filter is one condition, and ends where it ends
SELECT filter, tell(jsonb_build_object('filter', filter)) FROM (VALUES
    (1, 'true) UNION SELECT (1'), (2, 'true; DROP TABLE x'), (3, 'true ORDER BY name'), (4, 'true LIMIT 1'),
    (5, 'true /*'), (6, 'true) OR (true'), (7, 'name = ''x'), (8, '(SELECT true) -- fine')) f(n, filter) ORDER BY n;

\c :regress_database
DROP DATABASE table_by_name;
DROP ROLE regress_table_owner;
