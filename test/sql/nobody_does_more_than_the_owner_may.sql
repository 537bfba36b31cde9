-- Who may do what: without EXECUTE nobody changes anything; with it, an operator runs the batches of a store and needs
-- no right on the data; the work on the data is done in the name of the store's owner, who need not be a superuser, and
-- no more can be done by it than the owner can do.
\set SHOW_CONTEXT never
CREATE ROLE regress_priv_owner;
CREATE ROLE regress_priv_operator;
CREATE ROLE regress_priv_loader IN ROLE regress_priv_owner;
CREATE ROLE regress_priv_nobody;
GRANT CREATE ON DATABASE :DBNAME TO regress_priv_owner;
CREATE SCHEMA priv_source;
CREATE TABLE priv_source.t (id integer, v text);
CREATE TABLE priv_source.secret (id integer, v text);
INSERT INTO priv_source.t VALUES (1, 'a');
INSERT INTO priv_source.secret VALUES (1, 'secret');
GRANT USAGE ON SCHEMA priv_source TO regress_priv_owner;
GRANT SELECT ON priv_source.t TO regress_priv_owner;
CREATE FUNCTION pg_temp.model(source text) RETURNS text LANGUAGE sql AS $$
    SELECT scene.model(
        scene.store('priv', scene.dataset('t', 'id integer, v text', 'SELECT id, v FROM priv_source.' || source,
            milestoned => true),
            '{"owner": "regress_priv_owner", "operators": ["regress_priv_operator"]}'),
        scene.workspace('priv_desk', '{priv.t}', '{"owner": "regress_priv_owner"}')) $$;

-- nobody
SET ROLE regress_priv_nobody;
SELECT datasurface.ds_load_model('{}'); -- fails
\echo :SQLSTATE
SELECT datasurface.ds_validate_model('{}'); -- fails
SELECT datasurface.ds_reconcile_schema(); -- fails
SELECT datasurface.ds_run('priv'); -- fails
SELECT datasurface.ds_start_batch('priv'); -- fails
SELECT datasurface.ds_ingest('priv', 1); -- fails
SELECT datasurface.ds_merge_staging('priv', 1); -- fails
SELECT datasurface.ds_reset_batch('priv', 1); -- fails
SELECT datasurface.ds_fail_batch('priv', 1, 'x'); -- fails
SELECT datasurface.ds_require('priv'); -- fails
CALL datasurface.ds_run_to_end('priv'); -- fails
\echo :SQLSTATE
RESET ROLE;

-- the loader, a member of the owner
GRANT EXECUTE ON FUNCTION datasurface.ds_load_model(text, boolean), datasurface.ds_reconcile_schema(text, text[], text)
    TO regress_priv_loader, regress_priv_nobody;
SET ROLE regress_priv_nobody;
SELECT version > 0 AS loaded FROM datasurface.ds_load_model(pg_temp.model('t'), replace => false); -- fails: no member
\echo :SQLSTATE
SET ROLE regress_priv_loader;
SELECT version > 0 AS loaded FROM datasurface.ds_load_model(pg_temp.model('t'), replace => false);
SELECT count(*) FILTER (WHERE action = 'failed') AS failed FROM datasurface.ds_reconcile_schema('priv');
RESET ROLE;
SELECT nspname, pg_get_userbyid(nspowner) AS owner FROM pg_namespace WHERE nspname LIKE 'priv%' ORDER BY 1;
SELECT relname, pg_get_userbyid(relowner) AS owner
    FROM pg_class WHERE relnamespace IN ('priv'::regnamespace, 'priv_desk'::regnamespace) AND relkind IN ('r', 'v', 'S')
    ORDER BY 1;
SELECT proname, pg_get_userbyid(proowner) AS owner FROM pg_proc WHERE pronamespace = 'priv'::regnamespace;

-- the operator, with EXECUTE and nothing else
GRANT EXECUTE ON FUNCTION datasurface.ds_run(text, text, interval), datasurface.ds_require(text, text)
    TO regress_priv_operator;
SET ROLE regress_priv_operator;
SELECT datasurface.ds_run('priv', 'r1'), datasurface.ds_require('priv', 'r1');
SELECT current_user;
SELECT * FROM priv.t; -- fails
SELECT * FROM datasurface.batch; -- fails
INSERT INTO priv.t_staging (id) VALUES (1); -- fails
RESET ROLE;
SELECT loaded_by = 'regress_priv_loader' AS loader_is_recorded
    FROM datasurface.model_version ORDER BY version DESC LIMIT 1;
TABLE priv_desk.t;

-- the owner's query reads what the owner may read, whoever runs it
SELECT version > 0 AS loaded FROM datasurface.ds_load_model(pg_temp.model('secret'), replace => false);
SELECT count(*) AS steps FROM datasurface.ds_reconcile_schema('priv');
SELECT datasurface.ds_run('priv');
SELECT datasurface.ds_require('priv'); -- fails
\echo :SQLSTATE
SELECT version > 0 AS loaded FROM datasurface.ds_load_model(pg_temp.model('t'), replace => false);
SELECT count(*) AS steps FROM datasurface.ds_reconcile_schema('priv');
SELECT datasurface.ds_run('priv');

-- code that the owner plants in the way is refused in the session of somebody with more rights; where that role is
-- trusted it runs as the owner, in a security-restricted operation
CREATE TABLE priv_source.seen (event text, who text, session_is text);
GRANT INSERT ON priv_source.seen TO regress_priv_owner;
SET ROLE regress_priv_owner;
CREATE FUNCTION priv.plant() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO priv_source.seen VALUES (TG_OP, current_user, current_setting('is_superuser'));
    BEGIN
        EXECUTE 'SET ROLE postgres';
        INSERT INTO priv_source.seen VALUES ('became', current_user);
    EXCEPTION WHEN OTHERS THEN INSERT INTO priv_source.seen VALUES ('set role: ' || SQLSTATE, current_user);
    END;
    BEGIN
        EXECUTE 'CREATE TEMP TABLE planted ()';
        INSERT INTO priv_source.seen VALUES ('temp table', current_user);
    EXCEPTION WHEN OTHERS THEN INSERT INTO priv_source.seen VALUES ('temp table: ' || SQLSTATE, current_user);
    END;
    RETURN NEW;
END $$;
CREATE TRIGGER plant AFTER UPDATE ON priv.t FOR EACH ROW EXECUTE FUNCTION priv.plant();
RESET ROLE;
UPDATE priv_source.t SET v = 'b';
SELECT datasurface.ds_run('priv'); -- fails
\echo :SQLSTATE
SELECT count(*) AS refused_unseen FROM priv_source.seen;
SET datasurface.trusted_owners = regress_priv_owner;
SELECT datasurface.ds_run('priv');
SELECT event, who FROM priv_source.seen;
SELECT current_user = session_user AS still_who_i_was;
-- an owner that is gone is an error of that store's batch
REVOKE SELECT ON priv_source.t FROM regress_priv_owner;
SELECT datasurface.ds_run('priv');
SELECT error_sqlstate, error_step FROM datasurface.streams JOIN datasurface.batches USING (stream, error_sqlstate)
    WHERE stream = 'priv';
DROP OWNED BY regress_priv_owner, regress_priv_operator, regress_priv_loader, regress_priv_nobody CASCADE;
DROP ROLE regress_priv_owner, regress_priv_operator, regress_priv_loader, regress_priv_nobody;
SELECT datasurface.ds_run('priv'); -- the owner of the store is gone
SELECT datasurface.ds_require('priv'); -- fails
\echo :SQLSTATE
