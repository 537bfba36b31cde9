-- Which workspaces may read a store, and which roles may be among their readers. In a database of its own, for a
-- document is the whole model.
\set SHOW_CONTEXT never
SELECT current_database() AS regress_database \gset
CREATE DATABASE who_may_read_a_store;
\c who_may_read_a_store
CREATE EXTENSION datasurface;
CREATE ROLE regress_victim;
CREATE ROLE regress_desk;
CREATE ROLE regress_analyst;
CREATE ROLE regress_bi;
GRANT CREATE ON DATABASE who_may_read_a_store TO regress_victim, regress_desk;
GRANT EXECUTE ON FUNCTION datasurface.ds_load_model, datasurface.ds_validate_model, datasurface.ds_reconcile_schema
    TO regress_victim, regress_desk;

-- the store with these consumers (none: it does not say) and datasets
CREATE FUNCTION store(consumers jsonb, VARIADIC datasets text[]) RETURNS text LANGUAGE sql AS $$
    SELECT scene.model(scene.store('vic', scene.list(scene.dataset(name)), '{"owner": "regress_victim"}'
        || CASE WHEN consumers IS NULL THEN '{}' ELSE jsonb_build_object('consumers', consumers) END))
            FROM unnest(datasets) name $$;
CREATE FUNCTION desk(owner text, dataset text, description text DEFAULT 'd') RETURNS text LANGUAGE sql AS $$
    SELECT scene.model('[]', scene.workspace('desk', ARRAY['vic.' || dataset],
        jsonb_build_object('owner', owner, 'description', description))) $$;
CREATE FUNCTION orphan(owner text) RETURNS text LANGUAGE sql AS $$
    SELECT scene.model('[]', scene.workspace('orphan', '{}', jsonb_build_object('owner', owner, 'groups', '[]'::jsonb))) $$;
-- what reconcile does with the views, comments left out
CREATE FUNCTION reconcile() RETURNS TABLE (object text, action text, error text) LANGUAGE sql AS $$
    SELECT object, action, error FROM datasurface.ds_reconcile_schema()
        WHERE object LIKE '"desk".%' AND action <> 'comment' $$;

-- a store that does not say: the owner of the workspace must be able to act for the owner of the store
SET ROLE regress_victim;
SELECT scene.load(store(NULL, 'a', 'b'));
SET ROLE regress_desk;
SELECT scene.load(desk('regress_desk', 'a')); -- fails
\echo :SQLSTATE
RESET ROLE;
SELECT scene.load(desk('regress_desk', 'a')); -- fails for a superuser too, for it is not about who loads
SELECT code, pointer, message, hint FROM datasurface.ds_validate_model(
    (store(NULL, 'a', 'b')::jsonb || (desk('regress_desk', 'a')::jsonb - 'stores'))::text) WHERE severity = 'error';
GRANT regress_victim TO regress_desk;
SET ROLE regress_desk;
SELECT scene.load(desk('regress_desk', 'a'));
SELECT * FROM reconcile();
RESET ROLE;
REVOKE regress_victim FROM regress_desk;
DROP VIEW desk.a;
SELECT * FROM reconcile();
GRANT USAGE ON SCHEMA desk TO regress_victim;

-- an empty list: nobody; somebody else's name: not this one; not even where the owner is a member
GRANT regress_victim TO regress_desk;
SET ROLE regress_victim;
SELECT scene.load(store('[]', 'a', 'b'));
-- a name that anybody could take names nobody
SELECT scene.load(store('[{"workspace": "other"}]', 'a', 'b')); -- fails
RESET ROLE;
SELECT scene.load('{"stores": [], "workspaces": [{"name": "other", "description": "d", "groups": []}]}');
SET ROLE regress_victim;
SELECT scene.load(store('[{"workspace": "other"}]', 'a', 'b'));
SET ROLE regress_desk;
SELECT scene.load(desk('regress_desk', 'a', 'changed')); -- fails
SELECT * FROM reconcile();
RESET ROLE;
REVOKE regress_victim FROM regress_desk;

-- named
SET ROLE regress_victim;
SELECT scene.load(store('[{"workspace": "desk"}]', 'a', 'b'));
SET ROLE regress_desk;
SELECT scene.load(desk('regress_desk', 'a', 'changed'));
SELECT * FROM reconcile();
RESET ROLE;

-- the name of a workspace whose owner was dropped is not free for anybody
BEGIN;
CREATE ROLE regress_gone;
GRANT CREATE ON DATABASE who_may_read_a_store TO regress_gone;
SELECT scene.load(orphan('regress_gone'));
REVOKE CREATE ON DATABASE who_may_read_a_store FROM regress_gone;
DROP ROLE regress_gone;
SAVEPOINT dropped;
SET LOCAL ROLE regress_desk;
SELECT scene.load(orphan('regress_desk')); -- fails
ROLLBACK TO dropped;
SELECT scene.load(orphan('regress_desk'));
ROLLBACK;

-- readers: default privileges would let another role in, so the view is not left behind
SET ROLE regress_victim;
SELECT scene.load(store('[{"workspace": "desk", "readers": ["regress_analyst"]}]', 'a', 'b'));
RESET ROLE;
DROP VIEW desk.a;
ALTER DEFAULT PRIVILEGES FOR ROLE regress_victim GRANT SELECT ON TABLES TO regress_analyst, regress_bi;
SELECT * FROM reconcile();
SELECT to_regclass('desk.a') AS nothing, has_schema_privilege('regress_victim', 'desk', 'CREATE') AS lent,
    (SELECT count(*) FROM datasurface.relation WHERE schema_name = 'desk') AS recorded;
ALTER DEFAULT PRIVILEGES FOR ROLE regress_victim REVOKE SELECT ON TABLES FROM regress_bi;
SELECT * FROM reconcile();
SELECT has_table_privilege('regress_analyst', 'desk.a', 'SELECT') AS analyst,
    has_table_privilege('regress_bi', 'desk.a', 'SELECT') AS bi;
-- of a view that is there already it is told; a grant on one column is one too
GRANT SELECT (id) ON desk.a TO regress_bi;
SELECT * FROM reconcile();
REVOKE SELECT (id) ON desk.a FROM regress_bi;
GRANT SELECT ON desk.a TO PUBLIC;
SELECT * FROM reconcile();
SET ROLE regress_victim;
SELECT scene.load(store('[{"workspace": "desk", "readers": ["regress_analyst", "public"]}]', 'a', 'b'));
SELECT * FROM reconcile();
SELECT scene.load(store('[{"workspace": "desk", "readers": []}]', 'a', 'b'));
SELECT * FROM reconcile();
REVOKE SELECT ON desk.a FROM PUBLIC, regress_analyst;
SELECT * FROM reconcile();
RESET ROLE;

-- withdrawn: the store's owner is not kept from it, and is told what becomes of others' workspaces
SET ROLE regress_victim;
SELECT scene.load(store('[]', 'a', 'b'));
-- nor from removing a dataset that others read, nor from adding one
SELECT scene.load(store('[{"workspace": "desk"}]', 'b'));
SELECT * FROM reconcile();
SELECT scene.load(store('[]', 'b', 'c'));
RESET ROLE;
SELECT * FROM reconcile();
-- a workspace that is loaded unchanged is told too; one that is changed is refused
SET ROLE regress_victim;
SELECT scene.load(store('[]', 'a', 'b', 'c'));
SET ROLE regress_desk;
SELECT scene.load(desk('regress_desk', 'a', 'changed'));
SELECT scene.load(desk('regress_desk', 'a', 'changed again')); -- fails
SELECT * FROM reconcile();

-- the attack: a store and a workspace of a member of nothing, in the victim's schemas, and what they keep the victim
-- from
SELECT scene.load('{"stores": [], "workspaces": [{"name": "mine", "schema": "vic", "owner": "regress_desk", "groups": [{"name": "g",
    "sinks": [{"store": "vic", "dataset": "b", "name": "stolen"}]}]}]}'); -- fails
SELECT scene.load('{"stores": [{"name": "mine", "schema": "vic", "owner": "regress_desk", "datasets": [{"name": "d", "ingestion": {"kind": "push"},
    "primary_key": ["id"], "columns": [{"name": "id", "type": "integer"}]}]}]}'); -- fails
SET ROLE regress_victim;
SELECT scene.load(store('[]', 'b', 'c', 'd'));
RESET ROLE;

\c :regress_database
DROP DATABASE who_may_read_a_store;
DROP ROLE regress_victim, regress_desk, regress_analyst, regress_bi;
