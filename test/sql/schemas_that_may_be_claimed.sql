-- Which schemas a store or a workspace may name: one in which its owner may create, or a missing one that its owner or
-- the loader may create and that is not called like a role of others. Who reconciles lends no right to it. In a
-- database of its own, for a document is the whole model.
SELECT current_database() AS regress_database \gset
CREATE DATABASE schemas_that_may_be_claimed;
\c schemas_that_may_be_claimed
CREATE EXTENSION datasurface;
CREATE ROLE regress_owner;
CREATE ROLE regress_loader IN ROLE regress_owner;
CREATE ROLE regress_victim;
CREATE ROLE regress_stranger;
GRANT EXECUTE ON FUNCTION datasurface.ds_load_model, datasurface.ds_validate_model, datasurface.ds_reconcile_schema
    TO regress_owner, regress_loader, regress_victim, regress_stranger;

\pset format unaligned
\set SHOW_CONTEXT never
-- a store, and a workspace, with that schema
CREATE FUNCTION model(schema text, owner text) RETURNS text LANGUAGE sql AS $$
    SELECT scene.model(scene.store(schema, scene.dataset('t'), jsonb_build_object('schema', schema, 'owner', owner)))
        $$;
CREATE FUNCTION desk(schema text, owner text) RETURNS text LANGUAGE sql AS $$
    SELECT scene.model('[]', scene.workspace(schema, '{}',
        jsonb_build_object('schema', schema, 'owner', owner, 'groups', '[]'::jsonb))) $$;
CREATE FUNCTION reconcile(store text) RETURNS TABLE (object text, action text, error text) LANGUAGE sql AS $$
    SELECT object, action, error FROM datasurface.ds_reconcile_schema(store) WHERE action <> 'comment' $$;
-- what ds_validate_model says of the schema when a role asks
CREATE FUNCTION says(role text, model text) RETURNS text LANGUAGE plpgsql AS $$
DECLARE answer text;
BEGIN
    EXECUTE format('SET LOCAL ROLE %I', role);
    SELECT coalesce(string_agg(pointer || ' ' || code || ': ' || message || ' ' || coalesce(hint, ''), E'\n'),
        'nothing') INTO answer
    FROM datasurface.ds_validate_model(model)
        WHERE severity = 'error' AND pointer <> ''; -- stores that are left out are not the question
    RESET ROLE;
    RETURN answer;
END $$;
CREATE VIEW schemas AS SELECT nspname, pg_get_userbyid(nspowner) AS owner FROM pg_namespace
    WHERE nspname !~ '^pg_' AND nspname NOT IN ('information_schema', 'public', 'datasurface', 'scene');

-- a missing schema: neither may create it
SELECT says('regress_loader', model('fresh', 'regress_owner'));
SELECT says('regress_loader', desk('fresh', 'regress_owner'));
SELECT says('postgres', model('fresh', 'regress_owner'));
-- the owner may, or the loader, who is then the one to make it and give it away
GRANT CREATE ON DATABASE schemas_that_may_be_claimed TO regress_owner;
SET ROLE regress_owner;
SELECT scene.load(model('by_owner', 'regress_owner'));
SELECT * FROM reconcile('by_owner');
RESET ROLE;
REVOKE CREATE ON DATABASE schemas_that_may_be_claimed FROM regress_owner;
GRANT CREATE ON DATABASE schemas_that_may_be_claimed TO regress_loader;
SET ROLE regress_loader;
SELECT scene.load(model('by_loader', 'regress_owner'));
SELECT scene.load(model('too_late', 'regress_owner'));
SET ROLE regress_owner;
SELECT * FROM reconcile('by_loader');
RESET ROLE;
SELECT * FROM schemas ORDER BY nspname;

-- a right that is withdrawn between load and reconcile: the superuser who reconciles lends nothing, and nothing is made
REVOKE CREATE ON DATABASE schemas_that_may_be_claimed FROM regress_loader;
SELECT * FROM reconcile('too_late');
CREATE SCHEMA too_late;
GRANT USAGE ON SCHEMA too_late TO regress_owner;
SELECT * FROM reconcile('too_late');
SELECT count(*) AS relations FROM pg_class WHERE relnamespace = 'too_late'::regnamespace;
GRANT CREATE ON SCHEMA too_late TO regress_owner;
SELECT * FROM reconcile('too_late');

-- who may create schemas may still not call one like a role of others: "$user" in that role's search_path would find it
GRANT CREATE ON DATABASE schemas_that_may_be_claimed TO regress_stranger;
SELECT says('regress_stranger', model('regress_victim', 'regress_stranger'));
SELECT says('regress_stranger', desk('postgres', 'regress_stranger'));
SET ROLE regress_stranger;
SELECT scene.load(model('postgres', 'regress_stranger')); -- fails
\echo :SQLSTATE
SELECT scene.load(model('regress_stranger', 'regress_stranger'));
SELECT * FROM reconcile('regress_stranger');
-- a role that is made only later, with the schema's name, is a reason too
SELECT scene.load(model('regress_newcomer', 'regress_stranger'));
RESET ROLE;
CREATE ROLE regress_newcomer;
SELECT * FROM reconcile('regress_newcomer');
DROP ROLE regress_newcomer;
SELECT * FROM reconcile('regress_newcomer');
-- the loader's own role, that of the owner, and for a superuser any: a member of a role may do as much to it
GRANT CREATE ON DATABASE schemas_that_may_be_claimed TO regress_loader;
SELECT says('regress_loader', model('regress_loader', 'regress_owner'));
SELECT says('regress_loader', model('regress_owner', 'regress_owner'));
SELECT says('postgres', model('regress_victim', 'regress_stranger'));

-- a schema that is there: what counts is whether the owner may create in it; who loads, and may do so itself, lends
-- nothing
CREATE SCHEMA theirs AUTHORIZATION regress_victim;
SELECT says('regress_stranger', model('theirs', 'regress_stranger'));
SELECT says('regress_stranger', desk('theirs', 'regress_stranger'));
SELECT says('postgres', model('theirs', 'regress_stranger'));
SELECT says('regress_victim', model('theirs', 'regress_victim'));
GRANT CREATE ON SCHEMA theirs TO regress_stranger;
SELECT says('regress_stranger', model('theirs', 'regress_stranger'));
SELECT says('regress_stranger', model('public', 'regress_stranger'));
GRANT CREATE ON SCHEMA public TO regress_stranger;
SELECT says('regress_stranger', model('public', 'regress_stranger'));

-- schemas of PostgreSQL and of the extension are nobody's, not even a superuser's
SELECT schema, says('postgres', model(schema, 'postgres'))
FROM unnest(ARRAY['pg_catalog', 'pg_toast', 'pg_temp', 'pg_anything', 'information_schema', 'datasurface']) schema;

-- the attack: a stranger who may load names the administrator's schema, and the administrator reconciles
REVOKE CREATE ON DATABASE schemas_that_may_be_claimed FROM regress_stranger;
SET ROLE regress_stranger;
CREATE SCHEMA postgres; -- fails
SELECT scene.load(model('postgres', 'regress_stranger')); -- fails
RESET ROLE;
SELECT * FROM reconcile(NULL) WHERE object ~ 'postgres';
SELECT * FROM schemas ORDER BY nspname;

-- a schema that became somebody else's between load and reconcile: the views of the workspace that named it are not made there
SELECT scene.load(model('shown', 'regress_owner'));
SELECT scene.load('{"stores": [], "workspaces": [{"name": "shown_desk", "description": "d", "owner": "regress_owner", "groups": [{"name": "g",
    "description": "d", "sinks": [{"store": "shown", "dataset": "t"}]}]}]}');
CREATE SCHEMA shown_desk AUTHORIZATION regress_victim;
SELECT * FROM reconcile('shown') WHERE object ~ 'desk';

\c :regress_database
DROP DATABASE schemas_that_may_be_claimed;
DROP ROLE regress_owner, regress_loader, regress_victim, regress_stranger;
