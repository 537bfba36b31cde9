-- Who loads a model must be a member of the owner of every store and workspace that the model changes: of the one that
-- it names, and of the one that has it now. In a database of its own, for a document is the whole model.
SELECT current_database() AS regress_database \gset
CREATE DATABASE only_members_change_an_owner;
\c only_members_change_an_owner
CREATE EXTENSION datasurface;
CREATE ROLE regress_alice;
CREATE ROLE regress_bob;
CREATE ROLE regress_both IN ROLE regress_alice, regress_bob;
GRANT CREATE ON DATABASE only_members_change_an_owner TO regress_alice, regress_bob;
GRANT EXECUTE ON FUNCTION datasurface.ds_load_model, datasurface.ds_validate_model TO regress_alice, regress_bob;

CREATE FUNCTION model(owner text, description text) RETURNS text LANGUAGE sql AS $$
    SELECT scene.model(scene.store('s', scene.dataset('t'), more), scene.workspace('w', '{s.t}', more))
    FROM jsonb_strip_nulls(jsonb_build_object('description', description, 'owner', owner)) more $$;
CREATE VIEW owners AS SELECT name, owner, in_model FROM datasurface.store UNION ALL SELECT name, owner, in_model
    FROM datasurface.workspace;

-- without an owner in the document it is who loads first
SET ROLE regress_alice;
SELECT version FROM datasurface.ds_load_model(model(NULL, 'first'));
SET ROLE regress_bob;
-- a model that changes nothing is nobody's business
SELECT version FROM datasurface.ds_load_model(model('regress_alice', 'first'));
SELECT version FROM datasurface.ds_load_model(model('regress_alice', 'changed')); -- fails
SELECT version FROM datasurface.ds_load_model(model('regress_bob', 'taken')); -- fails
SELECT version FROM datasurface.ds_load_model('{"stores": []}'); -- fails
SELECT pointer, code, message, hint FROM datasurface.ds_validate_model(model('regress_bob', 'taken'));
RESET ROLE;
SELECT * FROM owners ORDER BY name;

SET ROLE regress_both;
SELECT version FROM datasurface.ds_load_model(model('regress_bob', 'handed over'));
RESET ROLE;
SELECT * FROM owners ORDER BY name;

\c :regress_database
DROP DATABASE only_members_change_an_owner;
DROP ROLE regress_alice, regress_bob, regress_both;
