-- Whoever owns a schema can drop our table there and put one of his own in its place, and code attached to that table
-- would run as the owner of the store. So a table is written to only while it belongs to that owner, by whichever call.
\set SHOW_CONTEXT never
CREATE ROLE regress_mallory;
CREATE SCHEMA regress_landing AUTHORIZATION regress_mallory;
SELECT version > 0 AS loaded FROM datasurface.ds_load_model(scene.model(
    scene.store('regress_landing', scene.dataset('pull', 'id bigint',
        'SELECT pg_catalog.count(*) AS id FROM pg_catalog.pg_class', milestoned => true), '{"consistency": "single"}')
    || scene.store('regress_landing_push', scene.dataset('push', 'id bigint'), '{"schema": "regress_landing"}')),
        replace => false);
CREATE VIEW pg_temp.reconciled AS SELECT object, action, error
    FROM unnest('{regress_landing,regress_landing_push}'::text[]) store, datasurface.ds_reconcile_schema(store);
SELECT count(*) FILTER (WHERE action = 'failed') AS failed FROM pg_temp.reconciled;
SELECT datasurface.ds_run('regress_landing#pull');
SELECT datasurface.ds_start_batch('regress_landing_push');
INSERT INTO regress_landing.push_staging (id) VALUES (1);
SELECT datasurface.ds_ingest('regress_landing_push', 1, 1), datasurface.ds_run('regress_landing_push');
CREATE TABLE regress_landing.seen (who name, what text);
GRANT INSERT ON regress_landing.seen TO PUBLIC;
-- what a table of ours is replaced by: the same columns, with code attached that takes what it can get
CREATE FUNCTION regress_landing.take() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO regress_landing.seen VALUES (current_user, TG_TABLE_NAME || ' ' || TG_OP);
    ALTER ROLE regress_mallory SUPERUSER;
    RETURN NULL;
END $$;
CREATE PROCEDURE regress_landing.replace(name text) LANGUAGE plpgsql AS $$
BEGIN
    EXECUTE format('ALTER TABLE regress_landing.%I RENAME TO kept_%1$s', name);
    EXECUTE format('CREATE TABLE regress_landing.%I (LIKE regress_landing.kept_%1$s INCLUDING ALL)', name);
    EXECUTE format('CREATE TRIGGER take BEFORE INSERT OR UPDATE OR DELETE OR TRUNCATE ON regress_landing.%I'
        ' EXECUTE FUNCTION regress_landing.take()', name);
    EXECUTE format('ALTER TABLE regress_landing.%I OWNER TO regress_mallory', name);
END $$;
CREATE PROCEDURE regress_landing.put_back(name text) LANGUAGE plpgsql AS $$
BEGIN
    EXECUTE format('DROP TABLE regress_landing.%I CASCADE', name);
    EXECUTE format('ALTER TABLE regress_landing.kept_%1$s RENAME TO %1$I', name);
END $$;
CREATE VIEW pg_temp.newest AS SELECT stream, batch, state, error_step, error_sqlstate AS sqlstate, error_message
    FROM datasurface.batches WHERE stream LIKE 'regress_landing%' ORDER BY batch DESC, stream LIMIT 1;

-- a pull: staging, merge and history table; reconcile says so, and does not touch them
CALL regress_landing.replace('pull_staging');
SELECT datasurface.ds_run('regress_landing#pull');
TABLE pg_temp.newest;
SELECT datasurface.ds_require('regress_landing#pull'); -- fails
\echo :SQLSTATE
SELECT datasurface.ds_ingest('regress_landing#pull', 2); -- fails
\echo :SQLSTATE
SELECT datasurface.ds_reset_batch('regress_landing#pull', 2); -- fails
\echo :SQLSTATE
TABLE pg_temp.reconciled;
CALL regress_landing.put_back('pull_staging');
CALL regress_landing.replace('pull');
SELECT datasurface.ds_run('regress_landing#pull');
TABLE pg_temp.newest;
SELECT datasurface.ds_ingest('regress_landing#pull', 2);
SELECT datasurface.ds_merge_staging('regress_landing#pull', 2); -- fails
\echo :SQLSTATE
TABLE pg_temp.reconciled;
CALL regress_landing.put_back('pull');
CALL regress_landing.replace('pull_history');
SELECT datasurface.ds_run('regress_landing#pull');
TABLE pg_temp.newest;
TABLE pg_temp.reconciled;
CALL regress_landing.put_back('pull_history');
SELECT datasurface.ds_run('regress_landing#pull');

-- a push: the seal, and what a reset or a load that ends the batch looks at
SELECT datasurface.ds_start_batch('regress_landing_push');
CALL regress_landing.replace('push_staging');
SELECT datasurface.ds_ingest('regress_landing_push', 2, 0); -- fails
\echo :SQLSTATE
SELECT datasurface.ds_reset_batch('regress_landing_push', 2); -- fails
\echo :SQLSTATE
ALTER TABLE regress_landing.push_staging DISABLE TRIGGER take;
INSERT INTO regress_landing.push_staging (id) VALUES (2);
ALTER TABLE regress_landing.push_staging ENABLE TRIGGER take;
SELECT datasurface.ds_reset_batch('regress_landing_push', 2); -- fails
-- even to count the rows of a view is to run its code
CREATE FUNCTION regress_landing.look() RETURNS bigint LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO regress_landing.seen VALUES (current_user, 'view');
    ALTER ROLE regress_mallory SUPERUSER;
    RETURN 1;
END $$;
DROP TABLE regress_landing.push_staging;
CREATE VIEW regress_landing.push_staging AS SELECT regress_landing.look() AS ds_surf_arrival, 1::bigint AS id;
ALTER VIEW regress_landing.push_staging OWNER TO regress_mallory;
SELECT datasurface.ds_reset_batch('regress_landing_push', 2); -- fails
\echo :SQLSTATE
SELECT version FROM datasurface.ds_load_model($${"stores": [
  {"name": "regress_landing_push", "description": "d", "schema": "regress_landing", "consistency": "single",
      "datasets": [
    {"name": "push", "description": "d", "primary_key": ["id"], "ingestion": {"kind": "push"},
        "columns": [{"name": "id", "type": "bigint"}]}]}]}$$, replace => false); -- fails
\echo :SQLSTATE
DROP VIEW regress_landing.push_staging;
ALTER TABLE regress_landing.kept_push_staging RENAME TO push_staging;
SELECT datasurface.ds_ingest('regress_landing_push', 2, 0);

-- our own table, given away
ALTER TABLE regress_landing.push OWNER TO regress_mallory;
SELECT datasurface.ds_run('regress_landing_push');
SELECT state, error_step, error_sqlstate AS sqlstate, error_message FROM datasurface.batches
    WHERE stream = 'regress_landing_push' AND batch = 2;
TABLE pg_temp.reconciled;
ALTER TABLE regress_landing.push OWNER TO CURRENT_USER;
SELECT datasurface.ds_run('regress_landing_push');
TABLE pg_temp.reconciled;

-- nobody took anything
SELECT what FROM regress_landing.seen;
SELECT rolsuper FROM pg_roles WHERE rolname = 'regress_mallory';
ALTER SCHEMA regress_landing OWNER TO CURRENT_USER;
DROP OWNED BY regress_mallory;
DROP ROLE regress_mallory;
