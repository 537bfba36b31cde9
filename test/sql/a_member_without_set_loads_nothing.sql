-- A member of the owner who is not allowed to become that role (GRANT ... WITH SET FALSE, 16 and later) is no member
-- when it comes to loading a model: what runs in the owner's name would be more than that person may do. Before 16
-- nobody is granted anything here, and the answers are the same. In a database of its own, for the roles' sake.
SELECT current_database() AS regress_database \gset
CREATE DATABASE member_without_set;
\c member_without_set
CREATE EXTENSION datasurface;
CREATE ROLE regress_set_owner;
CREATE ROLE regress_set_heir;
CREATE ROLE regress_set_member IN ROLE regress_set_owner;
DO $$
BEGIN
    IF current_setting('server_version_num')::integer >= 160000 THEN
        EXECUTE 'GRANT regress_set_owner TO regress_set_heir WITH INHERIT TRUE, SET FALSE';
    END IF;
END $$;
GRANT CREATE ON DATABASE member_without_set TO regress_set_owner;
GRANT EXECUTE ON FUNCTION datasurface.ds_load_model, datasurface.ds_validate_model TO regress_set_heir,
    regress_set_member;
CREATE FUNCTION model(description text) RETURNS text LANGUAGE sql AS $$
    SELECT scene.model(scene.store('s', scene.dataset('t'), more), scene.workspace('w', '{s.t}', more))
    FROM jsonb_build_object('description', description, 'owner', 'regress_set_owner') more $$;

SET ROLE regress_set_heir;
SELECT pointer, code, message FROM datasurface.ds_validate_model(model('first')) WHERE severity = 'error';
SELECT version FROM datasurface.ds_load_model(model('first')); -- fails
\echo :SQLSTATE
SET ROLE regress_set_member;
SELECT version FROM datasurface.ds_load_model(model('first'));
SET ROLE regress_set_heir;
SELECT version FROM datasurface.ds_load_model('{"stores": []}'); -- fails
\echo :SQLSTATE
RESET ROLE;

\c :regress_database
DROP DATABASE member_without_set;
DROP ROLE regress_set_owner, regress_set_heir, regress_set_member;
