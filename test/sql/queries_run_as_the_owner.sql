-- A query of the model runs as the store's owner with search_path pg_catalog; its columns are taken by name, what goes
-- wrong in it fails the batch and publishes nothing.
CREATE SCHEMA pull_source;
CREATE TABLE pull_source.t (v text, id integer, extra text);
INSERT INTO pull_source.t VALUES ('one', 1, 'x'), ('two', 2, 'x');
CREATE ROLE regress_pull_owner;
-- whose queries call what shows and changes a session, here a superuser's
SET datasurface.trusted_owners = regress_pull_owner;
GRANT CREATE ON DATABASE :DBNAME TO regress_pull_owner;
CREATE VIEW pull_source.who AS SELECT 1 AS id, current_user::text AS role, current_setting('search_path') AS path,
    current_setting('DateStyle') AS datestyle;
CREATE FUNCTION pg_temp.load(query text) RETURNS text LANGUAGE sql AS $$
    SELECT 'version ' || (version > 0) FROM datasurface.ds_load_model(scene.model(scene.store('pull',
        scene.dataset('t', 'id integer, v text', query)
        || scene.dataset('who', 'id integer, role text, path text, datestyle text', 'SELECT * FROM pull_source.who'),
        '{"owner": "regress_pull_owner"}')), replace => false)
$$;
SELECT pg_temp.load('SELECT * FROM pull_source.t');
SELECT count(*) FILTER (WHERE action = 'failed') AS failed FROM datasurface.ds_reconcile_schema('pull');
SELECT relname, relpersistence, pg_get_userbyid(relowner) AS owner
    FROM pg_class WHERE relnamespace = 'pull'::regnamespace AND relkind = 'r' ORDER BY 1;

-- the owner has no right on the source yet: that is the batch's failure, not the caller's
SELECT datasurface.ds_run('pull', 'first');
SELECT state, error_step, error_sqlstate FROM datasurface.batches WHERE stream = 'pull';
GRANT USAGE ON SCHEMA pull_source TO regress_pull_owner;
GRANT SELECT ON pull_source.t, pull_source.who TO regress_pull_owner;
SET DateStyle = 'SQL, DMY';
SELECT datasurface.ds_run('pull', 'first');
RESET DateStyle;
-- by name, not by place; a column that the model does not know is left out
SELECT id, v FROM pull.t ORDER BY id;
-- who it ran as, and with which settings
SELECT role, path, datestyle FROM pull.who;

-- a pull is sealed by its count as well, when that is said
SELECT datasurface.ds_start_batch('pull');
SELECT datasurface.ds_ingest('pull', 2, 7); -- fails
\echo :SQLSTATE
SELECT datasurface.ds_ingest('pull', 2, 3);
SELECT * FROM datasurface.ds_merge_staging('pull', 2);

-- queries that cannot be run: the model is not loaded, or the batch fails at its own step, with its own SQLSTATE
CREATE FUNCTION pg_temp.attempt(query text) RETURNS text LANGUAGE plpgsql AS $$
DECLARE outcome text;
BEGIN
    BEGIN
        PERFORM pg_temp.load(query);
    EXCEPTION WHEN SQLSTATE 'SF001' THEN
        GET STACKED DIAGNOSTICS outcome = PG_EXCEPTION_DETAIL;
        RETURN 'not loaded: ' || outcome;
    END;
    PERFORM datasurface.ds_reconcile_schema('pull');
    outcome := datasurface.ds_run('pull');
    RETURN outcome || (SELECT coalesce(': ' || error_sqlstate || ' at ' || error_step, '') FROM datasurface.batches
        WHERE stream = 'pull' ORDER BY batch DESC LIMIT 1);
END $$;
SELECT query, pg_temp.attempt(query) FROM (VALUES
    ('SELECT id, v FROM pull_source.no_such_table'), ('SELECT id FROM pull_source.t'),
    ('SELECT id, v, v FROM pull_source.t'), ('SELECT id, v FROM t'), ('SELECT v::integer AS id, v FROM pull_source.t'),
    ('SELECT 1 / 0 AS id, v FROM pull_source.t'), ('SELECT v AS id, v FROM pull_source.t'),
    ('SELECT pg_read_file(''/etc/passwd'') AS v, 1 AS id'), ('SELECT 1 AS id, $1 AS v'),
    ('SELECT 1 AS id, set_config(''role'', ''postgres'', false) AS v')) q(query);
SELECT id, v FROM pull.t ORDER BY id;
SELECT count(*) AS batches, max(batch) AS newest FROM datasurface.batches WHERE stream = 'pull';
-- mended, the same batch goes on
SELECT pg_temp.attempt('TABLE pull_source.t -- all of it');
SELECT pg_temp.attempt('VALUES (1, ''x'')');
SELECT pg_temp.attempt('SELECT * FROM (VALUES (1, ''x''), (3, ''y'')) AS v(id, v);');
SELECT batch, dataset, staged, inserted, updated, deleted, unchanged FROM datasurface.batch_datasets
    WHERE stream = 'pull' AND batch > 2 AND dataset = 't' ORDER BY batch;

DROP OWNED BY regress_pull_owner;
DROP ROLE regress_pull_owner;
