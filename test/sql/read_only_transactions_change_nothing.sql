-- In a transaction that must not write, as on a standby, what writes says so at once, whether or not there is anything
-- to do; what only looks goes on.
SELECT version > 0 AS loaded FROM datasurface.ds_load_model(
    scene.model(scene.store('regress_read_only', scene.dataset('t', query => 'SELECT 1 AS id'))), replace => false);
BEGIN READ ONLY;
SELECT datasurface.ds_reconcile_schema('regress_read_only'); -- fails: tables are to be made
\echo :SQLSTATE
ROLLBACK;
SELECT count(*) FILTER (WHERE action = 'failed') AS failed FROM datasurface.ds_reconcile_schema('regress_read_only');
SELECT datasurface.ds_run('regress_read_only', 'run');
SET default_transaction_read_only = on;
SELECT datasurface.ds_reconcile_schema('regress_read_only'); -- fails: nothing is to be made
\echo :SQLSTATE
SELECT datasurface.ds_reconcile_schema(); -- fails
\echo :SQLSTATE
SELECT datasurface.ds_load_model('{}', replace => false); -- fails
\echo :SQLSTATE
SELECT datasurface.ds_start_batch('regress_read_only'); -- fails
\echo :SQLSTATE
SELECT datasurface.ds_run('regress_read_only'); -- fails
\echo :SQLSTATE
CALL datasurface.ds_run_to_end('regress_read_only'); -- fails
\echo :SQLSTATE
SELECT datasurface.ds_ingest('regress_read_only', 1); -- fails
SELECT datasurface.ds_merge_staging('regress_read_only', 1); -- fails
SELECT datasurface.ds_reset_batch('regress_read_only', 1, if_committed => 'ignore'); -- fails
SELECT datasurface.ds_fail_batch('regress_read_only', 1, 'reason'); -- fails
SELECT datasurface.ds_run('regress_read_only', 'run'); -- fails: also of a run that is done
SELECT datasurface.ds_preview_batch('regress_read_only', 1); -- fails, though it changes nothing
SELECT datasurface.ds_require('regress_read_only', 'run') AS batch, (SELECT count(*)
    FROM datasurface.ds_validate_model('{"stores": []}')
    WHERE severity = 'error' AND code <> 'not_a_member') AS problems;
RESET default_transaction_read_only;
SELECT batch, state FROM datasurface.batches WHERE stream = 'regress_read_only';
