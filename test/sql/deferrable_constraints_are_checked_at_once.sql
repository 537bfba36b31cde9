-- Deferrable constraints of a batch's own tables are checked at once, so that COMMIT cannot fail after DONE; those of
-- other tables keep their mode. What the caller's own transaction has deferred there must be settled first.
\set SHOW_CONTEXT never
CREATE ROLE regress_late;
GRANT CREATE ON DATABASE :DBNAME TO regress_late;
CREATE SCHEMA late_source;
CREATE TABLE late_source.t (id integer, v integer);
INSERT INTO late_source.t VALUES (1, 1), (2, 2);
GRANT USAGE ON SCHEMA late_source TO regress_late;
GRANT SELECT ON late_source.t TO regress_late;
CALL scene.make(scene.store('late', scene.dataset('t', 'id integer, v integer', 'SELECT id, v FROM late_source.t'),
    '{"owner": "regress_late"}'));
SELECT datasurface.ds_run('late');
CREATE VIEW pg_temp.newest AS SELECT batch, state, error_sqlstate, error_message FROM datasurface.batches
    WHERE stream = 'late' ORDER BY batch DESC LIMIT 1;
-- a unique key on the merge table, and one of another table that the caller violates until before its COMMIT
SET ROLE regress_late;
ALTER TABLE late.t ADD CONSTRAINT v_once UNIQUE (v) DEFERRABLE INITIALLY DEFERRED;
RESET ROLE;
CREATE TABLE late_source.other (v integer UNIQUE DEFERRABLE INITIALLY DEFERRED);
UPDATE late_source.t SET v = 1;
BEGIN;
INSERT INTO late_source.other VALUES (1), (1);
SELECT datasurface.ds_run('late');
DELETE FROM late_source.other WHERE ctid = '(0,1)';
COMMIT;
TABLE pg_temp.newest;
UPDATE late_source.t SET v = id + 1;
SELECT datasurface.ds_reset_batch('late', 2);
SELECT datasurface.ds_run('late'), datasurface.ds_run('late');
SELECT id, v FROM late.t ORDER BY id;
-- a foreign key that refers to the merge table: a batch that breaks it fails, and COMMIT does not
CREATE TABLE late_source.child (id integer REFERENCES late.t DEFERRABLE INITIALLY DEFERRED);
INSERT INTO late_source.child VALUES (1);
DELETE FROM late_source.t WHERE id = 1;
SELECT datasurface.ds_run('late');
TABLE pg_temp.newest;
INSERT INTO late_source.t VALUES (1, 1);
-- the caller's own checks wait: the call is refused, and not recorded
BEGIN;
INSERT INTO late_source.child VALUES (2);
SELECT datasurface.ds_run('late'); -- fails
\echo :SQLSTATE
ROLLBACK;
TABLE pg_temp.newest;
BEGIN;
INSERT INTO late_source.child VALUES (2);
SET CONSTRAINTS ALL IMMEDIATE;
SELECT datasurface.ds_reset_batch('late', batch) FROM pg_temp.newest;
SELECT datasurface.ds_run('late');
COMMIT;
TABLE pg_temp.newest;
DROP TABLE late_source.child;
DROP OWNED BY regress_late CASCADE;
DROP ROLE regress_late;
