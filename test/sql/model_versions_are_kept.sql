-- Versions of the model are kept, cut into parts that are kept once; replace => false leaves alone what a document
-- does not name. In a database of its own, for replace => true is about all stores that there are.
SELECT current_database() AS regress_database \gset
CREATE DATABASE model_load_scene;
\c model_load_scene
CREATE EXTENSION datasurface;
CREATE FUNCTION dataset(name text, extra text DEFAULT '') RETURNS text RETURN format(
    '{"name": "%s", "description": "d", "ingestion": {"kind": "push"}, "primary_key": ["id"],
      "columns": [{"name": "id", "type": "integer"}, {"name": "v", "type": "text"}%s]}', name, extra);
CREATE FUNCTION store(name text, VARIADIC datasets text[]) RETURNS text RETURN format(
    '{"name": "%s", "description": "d", "datasets": [%s]}', name, array_to_string(datasets, ', '));
CREATE FUNCTION model(VARIADIC stores text[])
    RETURNS text RETURN format('{"stores": [%s]}', array_to_string(stores, ', '));

-- three versions; the third is the second again, and so no new one
SELECT * FROM datasurface.ds_load_model(model(store('a', dataset('t')), store('b', dataset('t'))));
SELECT * FROM datasurface.ds_load_model(model(store('a', dataset('t')), store('b', dataset('t'), dataset('u'))));
SELECT * FROM datasurface.ds_load_model(model(store('b', dataset('t'), dataset('u')), store('a', dataset('t'))));
SELECT version, loaded_by FROM datasurface.model_version ORDER BY version;
SELECT version, name, dense_rank() OVER (ORDER BY name, p.document::text) AS part
FROM datasurface.model_version_part v JOIN datasurface.model_part p USING (digest, name) ORDER BY version, name;
SELECT count(*) AS parts_kept FROM datasurface.model_part;
SELECT document -> 'owner' AS owner, document -> 'schema' AS schema, document -> 'consistency' AS consistency
FROM datasurface.model_part WHERE name = 'a';

-- replace => false: b stays as it is, a gets a dataset, c joins
SELECT * FROM datasurface.ds_load_model(model(store('a', dataset('t'), dataset('w')), store('c', dataset('t'))),
    replace => false);
SELECT store, array_agg(dataset ORDER BY dataset) AS datasets FROM datasurface.datasets GROUP BY 1 ORDER BY 1;
-- a name that another store of the model has taken is an error, also when the document does not name that store
SELECT pointer, code, message FROM
    datasurface.ds_validate_model('{"stores": [{"name": "d", "schema": "b", "description": "d", "datasets": ['
    || dataset('t') || ']}]}') WHERE severity = 'error'; -- alone it is fine
SELECT * FROM datasurface.ds_load_model('{"stores": [{"name": "d", "schema": "b", "description": "d", "datasets": ['
    || dataset('t') || ']}]}', replace => false); -- fails

-- replace => true: what the document does not name leaves the model, and comes back with its number and batches
SELECT count(*) FILTER (WHERE action = 'failed') AS failed FROM datasurface.ds_reconcile_schema();
SELECT store_id AS id_of_b FROM datasurface.store WHERE name = 'b' \gset
SELECT datasurface.ds_start_batch('b'), datasurface.ds_ingest('b', 1, 0), datasurface.ds_run('b');
SELECT version FROM datasurface.ds_load_model(model(store('a', dataset('t'))));
SELECT stream FROM datasurface.streams ORDER BY 1;
SELECT datasurface.ds_start_batch('b'); -- fails: no longer in the model
\echo :SQLSTATE
SELECT to_regclass('b.t') IS NOT NULL AS table_is_still_there;
SELECT version FROM datasurface.ds_load_model(model(store('b', dataset('t'))), replace => false);
SELECT store_id = :id_of_b AS same_id FROM datasurface.store WHERE name = 'b';
SELECT datasurface.ds_start_batch('b') AS "next number";

-- what reconcile cannot do to tables that exist is refused at the load, all of it at once
SELECT * FROM datasurface.ds_load_model('{"stores": [{"name": "b", "description": "d", "schema": "elsewhere", "datasets": [
  {"name": "t", "description": "d", "milestoning": "milestoned",
      "ingestion": {"kind": "sql_snapshot", "query": "SELECT 1 AS id, version() AS v2"},
   "primary_key": ["id", "v2"], "columns": [{"name": "id", "type": "bigint"}, {"name": "v2", "type": "text"}]}]}]}',
   replace => false); -- fails
\echo :SQLSTATE
-- but another spelling of the same type, descriptions, order and policies may change
SELECT * FROM datasurface.ds_load_model('{"stores": [{"name": "b", "description": "other", "datasets": [
  {"name": "t", "description": "other", "duplicate_keys": "last", "ingestion": {"kind": "push"}, "fillfactor": 80,
   "primary_key": ["id"], "columns": [{"name": "v", "type": "pg_catalog.text"}, {"name": "id", "type": "int4"}]}]}]}',
   replace => false);
SELECT statement FROM datasurface.ds_reconcile_schema('b');
SELECT count(*) AS further_steps FROM datasurface.ds_reconcile_schema('b');

-- the owner: of who loads it, unless said; who loads must be a member of it, also to take a store out
CREATE ROLE regress_load_owner;
CREATE ROLE regress_load_other;
SELECT current_database() AS database \gset
GRANT CREATE ON DATABASE :"database" TO regress_load_owner, regress_load_other;
GRANT EXECUTE ON FUNCTION datasurface.ds_load_model(text, boolean) TO regress_load_other;
SELECT version > 0 AS loaded FROM
    datasurface.ds_load_model('{"stores": [{"name": "o", "description": "d", "owner": "regress_load_owner",
    "datasets": [' || dataset('t') || ']}]}', replace => false);
SET ROLE regress_load_other;
SELECT version > 0 AS loaded FROM datasurface.ds_load_model(model(store('mine', dataset('t'))), replace => false);
SELECT * FROM datasurface.ds_load_model(model(store('o', dataset('t'), dataset('u'))), replace => false); -- fails
SELECT * FROM datasurface.ds_load_model(model(store('mine', dataset('t')))); -- fails: others would leave
RESET ROLE;
SELECT name, owner FROM datasurface.store WHERE owner LIKE 'regress_load%' ORDER BY 1;
-- a document that says nothing of the owner keeps the one that is
SELECT version > 0 AS loaded FROM datasurface.ds_load_model(model(store('o', dataset('t'), dataset('u'))),
    replace => false);
SELECT name, owner FROM datasurface.store WHERE name = 'o';

-- operators and consumers: kept with the store, and with who loaded its definition; behaviour does not hang on them
SELECT definition_digest AS digest_of_t FROM datasurface.dataset JOIN datasurface.store s USING (store_id)
    WHERE s.name = 'mine' \gset
CREATE FUNCTION model_with_access(access text)
    RETURNS text RETURN format('{"stores": [{"name": "mine", "description": "d", %s
    "datasets": [%s]}], "workspaces": [{"name": "desk", "description": "d", "owner": "regress_load_other",
    "groups": [{"name": "g", "sinks": [{"store": "mine", "dataset": "t"}]}]},
        {"name": "later", "description": "d", "groups": []}]}', access, dataset('t'));
CREATE VIEW loaders AS SELECT name, owner, loaded_by, access FROM datasurface.store
    UNION ALL SELECT name, owner, loaded_by, NULL FROM datasurface.workspace;
SELECT name, owner, loaded_by = current_user AS loaded_by_me, access
    FROM loaders WHERE name IN ('mine', 'o') ORDER BY 1;
SELECT warnings FROM datasurface.ds_load_model(model_with_access('"operators": ["regress_load_owner", "regress_load_other"],
    "consumers": [{"workspace": "desk", "readers": ["regress_load_owner", "public"]}, {"workspace": "later"}],'), replace => false);
SELECT name, owner, loaded_by = current_user AS loaded_by_me, access
    FROM loaders WHERE name IN ('mine', 'desk') ORDER BY 1;
SELECT definition_digest = :'digest_of_t' AS same_behaviour
    FROM datasurface.dataset JOIN datasurface.store s USING (store_id) WHERE s.name = 'mine';
-- the same document again changes nothing, whoever loads it; an empty list of consumers is another definition than none
SET ROLE regress_load_other;
SELECT warnings FROM datasurface.ds_load_model(model_with_access('"consumers": [{"readers": ["regress_load_owner", "public"],
    "workspace": "desk"}, {"workspace": "later"}],
        "operators": ["regress_load_owner", "regress_load_other"],'), replace => false);
RESET ROLE;
SELECT name, owner, loaded_by = current_user AS loaded_by_me FROM loaders WHERE name IN ('mine', 'desk') ORDER BY 1;
SET ROLE regress_load_other;
SELECT warnings FROM datasurface.ds_load_model(model_with_access('"consumers": [],'), replace => false);
RESET ROLE;
SELECT name, owner, loaded_by = current_user AS loaded_by_me, access
    FROM loaders WHERE name IN ('mine', 'desk') ORDER BY 1;
SET ROLE regress_load_other;
SELECT warnings FROM datasurface.ds_load_model(replace(model_with_access(''), '"desk", "description": "d"',
    '"desk", "description": "e"'), replace => false);
RESET ROLE;
SELECT name, owner, loaded_by = current_user AS loaded_by_me, access
    FROM loaders WHERE name IN ('mine', 'desk') ORDER BY 1;
SELECT * FROM datasurface.ds_load_model(model_with_access('"operators": ["regress_load_other", "regress_load_other"],
    "consumers": [{"workspace": "desk"},
    {"workspace": "desk"}],'), replace => false); -- fails

BEGIN ISOLATION LEVEL REPEATABLE READ;
SELECT * FROM datasurface.ds_load_model(model(store('x', dataset('t'))), replace => false); -- fails
ROLLBACK;
\c :regress_database
DROP DATABASE model_load_scene;
DROP ROLE regress_load_owner, regress_load_other;
