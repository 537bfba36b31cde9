-- Who runs, resets and fails the batches of a store: members of its owner and its operators. Who has EXECUTE and
-- nothing else is told whom to ask, and may ask whether a batch is done. In a database of its own, for a document is
-- the whole model.
SELECT current_database() AS regress_database \gset
CREATE DATABASE operators_run_batches;
\c operators_run_batches
CREATE EXTENSION datasurface;
CREATE ROLE regress_owner;
CREATE ROLE regress_member IN ROLE regress_owner;
CREATE ROLE regress_operator;
CREATE ROLE regress_team;
CREATE ROLE regress_teammate IN ROLE regress_team;
CREATE ROLE regress_executor;
GRANT CREATE ON DATABASE operators_run_batches TO regress_owner;
GRANT EXECUTE ON ALL ROUTINES IN SCHEMA datasurface TO regress_owner, regress_operator, regress_team, regress_executor;

CREATE TABLE source (id integer);
GRANT SELECT ON source TO regress_owner;
INSERT INTO source VALUES (1);
CREATE FUNCTION model(operators jsonb) RETURNS text LANGUAGE sql AS $$
    SELECT scene.model(scene.store('s', scene.dataset('t', query => 'SELECT id FROM public.source'),
        jsonb_build_object('owner', 'regress_owner', 'operators', operators))) $$;
SELECT version FROM datasurface.ds_load_model(model('["regress_operator", "regress_team"]'));
SELECT count(*) FILTER (WHERE action = 'failed') AS failed FROM datasurface.ds_reconcile_schema();

-- a whole batch, by every function, as somebody; what is done is undone at the end
CREATE FUNCTION a_batch_as(role text) RETURNS SETOF text LANGUAGE plpgsql AS $$
DECLARE statement text; answer text;
BEGIN
    FOREACH statement IN ARRAY ARRAY['ds_start_batch(''s'', ''first'')', 'ds_ingest(''s'', 1)',
        'ds_reset_batch(''s'', 1)', 'ds_ingest(''s'', 1)',
        'ds_fail_batch(''s'', 1, ''by hand'')', 'ds_require(''s'')', 'ds_reset_batch(''s'', 1)', 'ds_ingest(''s'', 1)',
        'ds_merge_staging(''s'', 1)', 'ds_require(''s'', ''first'')', 'ds_run(''s'', ''second'')',
        'ds_require(''s'', ''second'')', 'ds_batch_at(''s'', ''infinity'')']
    LOOP
        BEGIN
            EXECUTE format('SET LOCAL ROLE %I', role);
            EXECUTE 'SELECT (datasurface.' || statement || ')::text' INTO answer;
        EXCEPTION WHEN OTHERS THEN
            answer := SQLSTATE || ': ' || SQLERRM;
        END;
        RESET ROLE;
        RETURN NEXT statement || ' -> ' || coalesce(answer, 'NULL');
    END LOOP;
END $$;
BEGIN; SELECT a_batch_as('regress_member'); ROLLBACK;
BEGIN; SELECT a_batch_as('regress_operator'); ROLLBACK;
BEGIN; SELECT a_batch_as('regress_teammate'); ROLLBACK;
BEGIN; SELECT a_batch_as('regress_executor'); ROLLBACK;

-- the procedure; and who is told whom to ask
SET ROLE regress_teammate;
CALL datasurface.ds_run_to_end('s', 'first');
SET ROLE regress_executor;
CALL datasurface.ds_run_to_end('s', 'second'); -- fails
\echo :SQLSTATE
SELECT datasurface.ds_run('s', 'second'); -- fails
SELECT datasurface.ds_start_batch('nowhere'); -- fails, as it does for everybody
-- a committed batch is no secret
SELECT datasurface.ds_require('s'), datasurface.ds_require('s', 'first');

-- why one failed is: it may show values of rows
RESET ROLE;
INSERT INTO source VALUES (4711), (4711);
SET ROLE regress_operator;
SELECT datasurface.ds_run('s', 'second');
SELECT datasurface.ds_require('s', 'second'); -- fails
\echo :SQLSTATE
SET ROLE regress_member;
SELECT datasurface.ds_require('s', 'second'); -- fails
\echo :SQLSTATE
SET ROLE regress_executor;
SELECT datasurface.ds_require('s', 'second'); -- fails
\echo :SQLSTATE
-- an operator sees nothing of the data but that
SET ROLE regress_operator;
SELECT * FROM s.t; -- fails
SELECT * FROM source; -- fails
SELECT object FROM datasurface.ds_reconcile_schema('s'); -- fails
SELECT object FROM datasurface.ds_reconcile_schema();

-- membership that is granted without being inherited will do: one could SET ROLE
RESET ROLE;
CREATE ROLE regress_noinherit NOINHERIT IN ROLE regress_team;
GRANT EXECUTE ON ALL FUNCTIONS IN SCHEMA datasurface TO regress_noinherit;
SET ROLE regress_noinherit;
SELECT datasurface.ds_run('s', 'second');
RESET ROLE;

-- a store without operators says to ask the owner
SELECT version FROM datasurface.ds_load_model(model('[]'));
SET ROLE regress_operator;
SELECT datasurface.ds_run('s'); -- fails
RESET ROLE;

-- an operator that does not exist is no operator of a model, and one that is dropped keeps nobody from anything
SELECT version FROM datasurface.ds_load_model(model('["regress_nobody"]')); -- fails
SELECT version FROM datasurface.ds_load_model(model('["regress_operator", "regress_team"]'));
SELECT object, action, error FROM datasurface.ds_reconcile_schema();
REVOKE ALL ON ALL ROUTINES IN SCHEMA datasurface FROM regress_operator;
DROP ROLE regress_operator;
DELETE FROM source WHERE id = 4711;
SET ROLE regress_executor;
SELECT datasurface.ds_run('s'); -- fails
SET ROLE regress_teammate;
SELECT datasurface.ds_reset_batch('s', 2), datasurface.ds_run('s');
RESET ROLE;

\c :regress_database
DROP DATABASE operators_run_batches;
DROP ROLE regress_owner, regress_member, regress_team, regress_teammate, regress_noinherit, regress_executor;
