-- Row security on a merge table is the users' to add. It does not apply to the owner, in whose name batches write;
-- where it is forced on him too, a hidden row would be taken for a deleted one: that is an error, and never a wrong
-- row.
\set SHOW_CONTEXT never
CREATE ROLE regress_rls_owner;
CREATE ROLE regress_rls_reader;
GRANT CREATE ON DATABASE :DBNAME TO regress_rls_owner;
CALL scene.make(scene.store('rls', scene.dataset('t', 'id integer, tenant text', milestoned => true),
    '{"owner": "regress_rls_owner"}'));
CREATE PROCEDURE pg_temp.push(n integer) LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO rls.t_staging (id, tenant) VALUES (1, 'a' || n), (2, 'b' || n), (3, 'c');
    PERFORM datasurface.ds_ingest('rls', n, 3);
END $$;
SELECT datasurface.ds_start_batch('rls');
CALL pg_temp.push(1);
SELECT datasurface.ds_run('rls');
SET ROLE regress_rls_owner;
ALTER TABLE rls.t ENABLE ROW LEVEL SECURITY;
CREATE POLICY c_only ON rls.t USING (tenant = 'c');
GRANT USAGE ON SCHEMA rls TO regress_rls_reader;
GRANT SELECT ON rls.t TO regress_rls_reader;
SET ROLE regress_rls_reader;
SELECT id FROM rls.t;
RESET ROLE;
-- the owner sees all rows
SELECT datasurface.ds_start_batch('rls');
CALL pg_temp.push(2);
SELECT * FROM datasurface.ds_merge_staging('rls', 2);
-- forced
SET ROLE regress_rls_owner;
ALTER TABLE rls.t FORCE ROW LEVEL SECURITY;
RESET ROLE;
SELECT datasurface.ds_start_batch('rls');
CALL pg_temp.push(3);
SELECT * FROM datasurface.ds_merge_staging('rls', 3); -- fails
\echo :SQLSTATE
SET row_security = on;
SELECT datasurface.ds_run('rls');
SELECT state, error_sqlstate, error_message FROM datasurface.batches WHERE stream = 'rls' AND batch = 3;
SELECT id, tenant, ds_surf_batch_in FROM rls.t ORDER BY id;
ALTER TABLE rls.t NO FORCE ROW LEVEL SECURITY;
SELECT datasurface.ds_run('rls');
SELECT id, tenant, ds_surf_batch_in FROM rls.t ORDER BY id;
-- on the staging table: rows that cannot be seen cannot be counted
SET ROLE regress_rls_owner;
ALTER TABLE rls.t_staging ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
RESET ROLE;
SELECT datasurface.ds_start_batch('rls');
CALL pg_temp.push(4); -- fails
\echo :SQLSTATE
SELECT state FROM datasurface.batches WHERE stream = 'rls' AND batch = 4;
DROP OWNED BY regress_rls_owner, regress_rls_reader CASCADE;
DROP ROLE regress_rls_owner, regress_rls_reader;
