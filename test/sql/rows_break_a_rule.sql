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
