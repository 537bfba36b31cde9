-- A row that breaks a rule fails the batch with the rule's own SQLSTATE, nothing of the batch is written, and the batch
-- goes through once the row is mended. A rule of somebody else's table is not taken for a conflict with another writer.
CREATE SCHEMA rules_audit;
CALL scene.make(scene.store('rules', scene.dataset('a', 'id integer, v varchar(3) not null', milestoned => true)
    || scene.dataset('b')));
SELECT datasurface.ds_start_batch('rules');
INSERT INTO rules.a_staging (id, v) VALUES (1, 'one'), (2, NULL);
INSERT INTO rules.b_staging (id) VALUES (1);
SELECT datasurface.ds_ingest('rules', 1, rows => 3);
-- a NULL where the model says not nullable
SELECT datasurface.ds_run('rules', 'monday');
SELECT state, error_step, error_sqlstate, error_message FROM datasurface.batches WHERE stream = 'rules';
SELECT datasurface.ds_require('rules', 'monday'); -- fails
\echo :SQLSTATE
SELECT (SELECT count(*) FROM rules.a) AS a, (SELECT count(*) FROM rules.b) AS b, (SELECT count(*)
    FROM rules.a_history) AS history,
       (SELECT count(*) FROM rules.a_staging) AS staged;
SELECT datasurface.ds_reset_batch('rules', 1);
-- a value that is too long is refused where it is staged
INSERT INTO rules.a_staging (id, v) VALUES (1, 'three'); -- fails
INSERT INTO rules.a_staging (id, v) VALUES (1, 'one'), (2, 'two');
INSERT INTO rules.b_staging (id) VALUES (1);
SELECT datasurface.ds_ingest('rules', 1, rows => 3), datasurface.ds_run('rules', 'monday');

-- a table of a trigger's own, whose key has the name of ours
CREATE TABLE rules_audit.a (id integer CONSTRAINT a_pkey PRIMARY KEY);
INSERT INTO rules_audit.a VALUES (3);
CREATE FUNCTION rules_audit.log() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN INSERT INTO rules_audit.a VALUES (NEW.id); RETURN NULL; END $$;
CREATE TRIGGER log AFTER INSERT ON rules.a FOR EACH ROW EXECUTE FUNCTION rules_audit.log();
SELECT datasurface.ds_start_batch('rules');
INSERT INTO rules.a_staging (id, v) VALUES (1, 'one'), (2, 'two'), (3, 'tri');
INSERT INTO rules.b_staging (id) VALUES (1);
SELECT datasurface.ds_ingest('rules', 2, rows => 4), datasurface.ds_run('rules');
SELECT state, error_sqlstate FROM datasurface.batches WHERE stream = 'rules' AND batch = 2;
DELETE FROM rules_audit.a;
SELECT datasurface.ds_run('rules');

-- a dataset that leaves with rows staged, and whose tables are dropped by hand, does not hold its batch up for ever
SELECT datasurface.ds_start_batch('rules');
INSERT INTO rules.b_staging (id) VALUES (1);
SELECT version > 0 AS loaded FROM datasurface.ds_load_model(scene.model(
    scene.store('rules', scene.dataset('a', 'id integer, v varchar(3) not null', milestoned => true))),
        replace => false);
DROP TABLE rules.b, rules.b_staging;
SELECT datasurface.ds_ingest('rules', 3, rows => 0); -- fails
\echo :SQLSTATE
SELECT datasurface.ds_reset_batch('rules', 3);
SELECT datasurface.ds_ingest('rules', 3, rows => 0), datasurface.ds_run('rules');
SELECT inserted, updated, deleted FROM datasurface.batches WHERE stream = 'rules' AND batch = 3;

-- what helps, for a push and for a pull, by either engine
CREATE FUNCTION pg_temp.hint(stream text, engine text) RETURNS text LANGUAGE plpgsql AS $$
DECLARE code text; hint text;
BEGIN
    PERFORM set_config('datasurface.merge_engine', engine, true);
    PERFORM datasurface.ds_run(stream);
    PERFORM datasurface.ds_require(stream);
    RETURN 'nothing';
EXCEPTION WHEN OTHERS THEN
    GET STACKED DIAGNOSTICS code = RETURNED_SQLSTATE, hint = PG_EXCEPTION_HINT;
    RETURN code || ': ' || hint;
END $$;
CREATE TABLE rules_audit.source AS SELECT 1 AS id, NULL::text AS v;
CALL scene.make(scene.store('rules_pushed', scene.dataset('t', 'id integer, v text not null'))
    || scene.store('rules_pulled', scene.dataset('t', 'id integer, v text not null', 'TABLE rules_audit.source')));
SELECT datasurface.ds_start_batch('rules_pushed');
INSERT INTO rules_pushed.t_staging (id) VALUES (1);
SELECT datasurface.ds_ingest('rules_pushed', 1, rows => 1);
SELECT stream, engine, pg_temp.hint(stream, engine) FROM unnest('{rules_pushed,rules_pulled}'::text[]) stream, unnest('{sql,native}'::text[]) engine ORDER BY 1, 2;
ALTER TABLE rules_pulled.t ALTER v DROP NOT NULL, ADD CONSTRAINT short CHECK (v IS NOT NULL);
SELECT engine, pg_temp.hint('rules_pulled', engine) FROM unnest('{sql,native}'::text[]) engine ORDER BY 1;
