-- A table of mistakes: model documents that a newcomer gets wrong, each with all that ds_validate_model says about it.
-- Read an answer as who receives it would: one mistake, one line, which says where it is and what to do. In a database
-- of its own.
\set SHOW_CONTEXT never
SELECT current_database() AS regress_database \gset
CREATE DATABASE mistakes_documents;
\c mistakes_documents
CREATE EXTENSION datasurface;
CREATE SCHEMA erp;
CREATE TABLE erp.clients (id integer PRIMARY KEY, name text NOT NULL);
CREATE TABLE erp.taken (id integer);
CREATE ROLE regress_mistake_tenant;
GRANT USAGE ON SCHEMA erp TO regress_mistake_tenant;
GRANT CREATE ON DATABASE mistakes_documents TO regress_mistake_tenant;
CREATE TABLE erp.tenants (id integer, name text);
ALTER TABLE erp.tenants ENABLE ROW LEVEL SECURITY;
GRANT SELECT ON erp.tenants TO regress_mistake_tenant;

-- every problem: where it is, what it is, and what helps
CREATE FUNCTION tell(document text, replace boolean DEFAULT true) RETURNS text LANGUAGE sql AS $$
    SELECT coalesce(string_agg(concat_ws(E'\n    ',
        format('%s %s at %s', severity, code, coalesce(nullif(pointer, ''), 'the document')), message, hint),
        E'\n' ORDER BY pointer, code, message), 'no problem')
    FROM datasurface.ds_validate_model(document, replace)
$$;
-- a model of a store with a dataset, and a workspace that reads it, all in order but for what is given; a null takes a
-- member away
CREATE FUNCTION model(dataset jsonb DEFAULT '{}', store jsonb DEFAULT '{}', workspace jsonb DEFAULT '{}',
    top jsonb DEFAULT '{}') RETURNS text LANGUAGE sql AS $$
    SELECT jsonb_strip_nulls(jsonb_build_object(
        'stores', jsonb_build_array('{"name": "crm", "description": "d"}'
            || jsonb_build_object('datasets', jsonb_build_array(
            '{"name": "customers", "description": "d", "ingestion": {"kind": "push"}, "primary_key": ["id"],
              "columns": [{"name": "id", "type": "integer"}, {"name": "name", "type": "text"}]}' || dataset)) || store),
        'workspaces', jsonb_build_array('{"name": "analytics", "description": "d",
            "groups": [{"name": "sales", "sinks": [{"store": "crm", "dataset": "customers"}]}]}' || workspace))
        || top)::text
$$;
\pset format unaligned
\pset tuples_only on
SELECT tell(model());

-- the text
SELECT tell('');
SELECT tell(' ');
SELECT tell('crm');
SELECT tell('null');
SELECT tell('[]');
SELECT tell('"stores"');
SELECT tell('{}');
SELECT tell('{"stores": [}');
SELECT tell('{"stores": [],}');
SELECT tell(E'{\n  "stores": [\n    {"name": "crm" "datasets": []}\n  ]\n}');
SELECT tell('{"stores": []');
SELECT tell($${'stores': []}$$);
SELECT tell('{"stores": [] /* none yet */}');
SELECT tell('stores: []');
SELECT tell('{"stores": []} {"stores": []}');
SELECT tell('{"stores": [], "stores": []}');
SELECT tell('{"stores": [{"name": "crm\u0000", "datasets": []}]}');
SELECT tell('model.json');

-- members
SELECT tell('{"store": []}');
SELECT tell('{"stores": {"name": "crm"}}');
SELECT tell('{"stores": ["crm"]}');
SELECT tell('{"stores": null}');
SELECT tell(model(top => '{"format": 2}'));
SELECT tell(model(top => '{"format": "1"}'));
SELECT tell(model(top => '{"version": 3}'));
SELECT tell(model('{"primarykey": ["id"], "primary_key": null}'));
SELECT tell(model('{"primary_key": null}'));
SELECT tell(model('{"primary_key": "id"}'));
SELECT tell(model('{"primary_key": []}'));
SELECT tell(model('{"primary_key": ["ID"]}'));
SELECT tell(model('{"primary_key": ["id", "id"]}'));
SELECT tell(model('{"columns": null}'));
SELECT tell(model('{"columns": []}'));
SELECT tell(model('{"columns": {"id": "integer"}}'));
SELECT tell(model('{"columns": ["id", "name"]}'));
SELECT tell(model('{"columns": [{"name": "id"}]}'));
SELECT tell(model('{"columns": [{"type": "integer"}]}'));
SELECT tell(model('{"columns": [{"name": "id", "typ": "integer"}]}'));
SELECT tell(model('{"columns": [{"name": "id", "type": 4}]}'));
SELECT tell(model('{"columns": [{"name": "id", "type": ""}]}'));
SELECT tell(model('{"columns": [{"name": "id", "type": "intger"}]}'));
SELECT tell(model('{"columns": [{"name": "id", "type": "varchar(0)"}]}'));
SELECT tell(model('{"columns": [{"name": "id", "type": "integer NOT NULL"}]}'));
SELECT tell(model('{"columns": [{"name": "id", "type": "json"}]}'));
SELECT tell(model('{"columns": [{"name": "id", "type": "record"}]}'));
SELECT tell(model('{"columns": [{"name": "id", "type": "bigserial"}]}'));
CREATE TYPE pg_temp.passing AS (a integer);
SELECT tell(model('{"columns": [{"name": "id", "type": "integer"}, {"name": "name", "type": "pg_temp.passing[]"}]}'));
SELECT tell(model('{"columns": [{"name": "id", "type": "VARCHAR2 (100)"}]}'));
SELECT tell(model('{"columns": [{"name": "id", "type": "nvarchar(max)"}]}'));
SELECT tell(model('{"columns": [{"name": "id", "type": "public.citext"}]}'));
SELECT type, (SELECT regexp_replace(hint, ' Types.*', '')
    FROM datasurface.ds_validate_model(model(jsonb_build_object('columns',
    jsonb_build_array(jsonb_build_object('name', 'id', 'type', type)))))) AS told
FROM unnest('{string,str,datetime,tinyint,double,"number(10,2)",nvarchar(5),clob,blob,int64,uint8}'::text[]) type;
SELECT tell(model('{"columns": [{"name": "id", "type": "integer", "nullable": "no"}]}'));
SELECT tell(model('{"columns": [{"name": "id", "type": "integer", "nullable": true}]}'));
SELECT tell(model('{"columns": [{"name": "id", "type": "integer", "not_null": true}]}'));
SELECT tell(model('{"columns": [{"name": "id", "type": "integer"}, {"name": "id", "type": "text"}]}'));
SELECT tell(model('{"columns": [{"name": "", "type": "integer"}], "primary_key": [""]}'));
SELECT tell(model('{"columns": [{"name": "id", "type": "integer"}, {"name": "ds_surf_arrival", "type": "bigint"}]}'));
SELECT tell(model('{"columns": [{"name": "id", "type": "integer"}, {"name": "ctid", "type": "tid"}]}'));
SELECT tell(model('{"milestoning": "yes"}'));
SELECT tell(model('{"milestoning": true}'));
SELECT tell(model('{"milestoning": "Milestoned"}'));
SELECT tell(model('{"duplicate_keys": "first"}'));
SELECT tell(model('{"duplicate_keys": true}'));
SELECT tell(model('{"fillfactor": 5}'));
SELECT tell(model('{"fillfactor": "90"}'));
SELECT tell(model('{"fillfactor": 90.5}'));
SELECT tell(model('{"history_key_index": "true"}'));
SELECT tell(model('{"description": null}'));

-- ingestion
SELECT tell(model('{"ingestion": null}'));
SELECT tell(model('{"ingestion": "push"}'));
SELECT tell(model('{"ingestion": {}}'));
SELECT tell(model('{"ingestion": {"kind": "pull", "query": "SELECT 1"}}'));
SELECT tell(model('{"ingestion": {"kind": "sql_snapshot"}}'));
SELECT tell(model('{"ingestion": {"kind": "sql_snapshot", "query": ""}}'));
SELECT tell(model('{"ingestion": {"kind": "push", "query": "SELECT 1"}}'));
SELECT tell(model('{"ingestion": {"kind": "sql_snapshot", "sql": "SELECT id, name FROM erp.clients"}}'));
SELECT tell(model('{"ingestion": {"kind": "sql_snapshot", "query": "SELECT id, name FROM clients"}}'));
SELECT tell(model('{"ingestion": {"kind": "sql_snapshot", "query": "SELECT id, name FROM \"Clients\""}}'));
SELECT tell(model('{"ingestion": {"kind": "sql_snapshot", "query": "SELECT id, tidy(name) AS name FROM erp.clients"}}'));
SELECT tell(model('{"ingestion": {"kind": "sql_snapshot", "query": "SELECT id, erp.tidy(name) AS name FROM erp.clients"}}'));
SELECT tell(model('{"ingestion": {"kind": "sql_snapshot", "query": "SELECT id, name FROM erp.clients WHERE name = id"}}'));
SELECT tell(model('{"ingestion": {"kind": "sql_snapshot", "query": "SELECT id, name FROM erp.nowhere"}}'));
SELECT tell(model('{"ingestion": {"kind": "sql_snapshot", "query": "SELECT id, name FROM erp.tenants"}}',
    '{"owner": "regress_mistake_tenant"}', top => '{"workspaces": null}'));
SELECT tell(model('{"ingestion": {"kind": "sql_snapshot", "query": "SELEC id, name FROM erp.clients"}}'));
SELECT tell(model('{"ingestion": {"kind": "sql_snapshot", "query": "SELECT id, nam FROM erp.clients"}}'));
SELECT tell(model('{"ingestion": {"kind": "sql_snapshot", "query": "SELECT id FROM erp.clients"}}'));
SELECT tell(model('{"ingestion": {"kind": "sql_snapshot", "query": "erp.clients"}}'));
SELECT tell(model('{"ingestion": {"kind": "sql_snapshot", "query": "SELECT id, name FROM erp.clients; SELECT 1"}}'));
SELECT tell(model('{"ingestion": {"kind": "sql_snapshot", "query": "DELETE FROM erp.clients RETURNING id, name"}}'));
SELECT tell(model('{"ingestion": {"kind": "sql_snapshot", "query": "SELECT id, name FROM erp.clients WHERE id > :last"}}'));

-- names
SELECT tell(model(store => '{"name": null}'));
SELECT tell(model(store => '{"name": ""}'));
SELECT tell(model(store => '{"name": " "}'));
SELECT tell(model('{"name": "customers "}', top => '{"workspaces": null}'));
SELECT tell(model('{"columns": [{"name": " id", "type": "integer"}], "primary_key": [" id"]}'));
SELECT tell(model(store => '{"name": "crm#1"}', top => '{"workspaces": null}'));
SELECT tell(model(store => '{"name": "pg_crm"}', top => '{"workspaces": null}'));
SELECT tell(model(store => '{"schema": "information_schema"}'));
SELECT tell(model(store => '{"schema": "datasurface"}'));
SELECT tell(model(store => jsonb_build_object('name', repeat('x', 64)), top => '{"workspaces": null}'));
SELECT tell(model('{"name": "CUSTOMERS"}'));
SELECT tell(model('{"name": "customers#1"}', top => '{"workspaces": null}'));
SELECT tell(model('{"name": "taken"}', '{"schema": "erp"}', top => '{"workspaces": null}'));
SELECT tell('{"stores": [{"name": "crm", "description": "d", "datasets": []},
    {"name": "crm", "description": "d", "datasets": []}]}');
SELECT tell(model(workspace => '{"schema": "crm"}'));
SELECT tell(model(workspace => '{"groups": [{"name": "a", "sinks": [{"store": "crm", "dataset": "customers"}]},
    {"name": "b", "sinks": [{"store": "crm", "dataset": "customers"}]}]}'));

-- stores and rights
SELECT tell(model(store => '{"datasets": null}'));
SELECT tell(model(store => '{"datasets": []}', top => '{"workspaces": null}'));
SELECT tell(model(store => '{"consistency": "all"}'));
SELECT tell(model(store => '{"consistency": 1}'));
SELECT tell(model(store => '{"owner": "regress_no_such_role"}'));
SELECT tell(model(store => '{"owner": ""}'));
SELECT tell(model(store => '{"operators": "airflow"}'));
SELECT tell(model(store => '{"operators": ["regress_no_such_role"]}'));
SELECT tell(model(store => '{"operators": ["public"], "release": ["public"]}'));
SELECT tell(model(store => '{"brakes": {"deletes": "warn"}}'));
SELECT tell(model(store => '{"brakes": {"deletes": {"percent": 100}, "changes": {"share": 5}}}'));
SELECT tell(model(store => '{"consumers": ["analytics"]}'));
SELECT tell(model(store => '{"consumers": "analytics"}'));
SELECT tell(model(store => '{"consumers": [{"workspace": "analytic"}]}'));
SELECT tell(model(store => '{"consumers": [{"workspace": "analytics"}, {"workspace": "nope"}]}'));
SELECT tell(model(store => '{"consumers": []}'));
SELECT tell(model(store => '{"consumers": [{"workspace": "analytics", "readers": ["PUBLIC"]}]}'));
SELECT tell(model(store => jsonb_build_object('datasets',
    (SELECT jsonb_agg('{"description": "d", "primary_key": ["id"], "columns": [{"name": "id", "type": "integer"}]}'::jsonb || d)
    FROM jsonb_array_elements('[{"name": "customers", "ingestion": {"kind": "push"}},
        {"name": "orders", "ingestion": {"kind": "sql_snapshot", "query": "SELECT 1 AS id"}}]') d))));

-- workspaces
SELECT tell(model(workspace => '{"groups": null}'));
SELECT tell(model(workspace => '{"groups": []}'));
SELECT tell(model(workspace => '{"groups": [{"name": "sales", "sinks": []}]}'));
SELECT tell(model(workspace => '{"groups": [{"name": "sales", "sinks": ["crm.customers"]}]}'));
SELECT tell(model(workspace => '{"groups": [{"name": "sales", "sinks": [{"store": "crn", "dataset": "customers"}]}]}'));
SELECT tell(model(workspace => '{"groups": [{"name": "sales", "sinks": [{"store": "crm", "dataset": "customer"}]}]}'));
SELECT tell(model(workspace => '{"groups": [{"name": "sales", "sinks": [{"dataset": "customers"}]}]}'));
SELECT tell(model(workspace => '{"description": null}'));

-- changes of what there is
SELECT count(*) FROM datasurface.ds_load_model(model());
SELECT count(*) FILTER (WHERE action = 'failed') FROM datasurface.ds_reconcile_schema();
SELECT tell(model('{"columns": [{"name": "id", "type": "bigint"}, {"name": "name", "type": "text"}]}'));
SELECT tell(model('{"columns": [{"name": "id", "type": "integer"}]}'));
SELECT tell(model('{"columns": [{"name": "id", "type": "integer"}, {"name": "nome", "type": "text"}]}'));
SELECT tell(model('{"columns": [{"name": "id", "type": "integer"}, {"name": "name", "type": "text"},
    {"name": "age", "type": "integer", "nullable": false}]}'));
SELECT tell(model('{"columns": [{"name": "id", "type": "integer"}, {"name": "name", "type": ""}]}'));
SELECT tell(model('{"columns": [{"name": "id", "type": "integer"}, {"name": "name", "type": "text", "nullable": false}]}'));
SELECT tell(model('{"primary_key": ["id", "name"]}'));
SELECT tell(model('{"milestoning": "milestoned"}'));
SELECT tell(model('{"ingestion": {"kind": "sql_snapshot", "query": "SELECT id, name FROM erp.clients"}}'));
SELECT tell(model(store => '{"schema": "crm2"}'));
-- one line for one mistake, whatever follows from it
SELECT tell(model(store => '{"schema": "analytics"}'), false);
CREATE ROLE regress_another_owner;
SELECT tell(model(store => '{"owner": "regress_another_owner"}'), false);
DROP ROLE regress_another_owner;
SELECT tell(model('{"primary_key": ["name"]}'), false);
SELECT tell('{"stores": []}');
SELECT tell('{"stores": []}', false);
-- the errors of a load in one message
SELECT datasurface.ds_load_model(model('{"primary_key": ["ID"], "milestoning": "yes"}')); -- fails
\echo :SQLSTATE

\c :regress_database
DROP DATABASE mistakes_documents;
DROP ROLE regress_mistake_tenant;
