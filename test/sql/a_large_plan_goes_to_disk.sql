-- A plan of many steps is kept on disk beyond work_mem while it is made: also that of a document which is not loaded,
-- whose subtransaction is rolled back.
SET client_min_messages = error;
SELECT scene.model(scene.store('on_disk', scene.list(scene.dataset('t' || i, milestoned => true))),
    scene.workspace('on_disk_desk', '{on_disk.t7}')) AS model FROM generate_series(1, 200) i \gset
CREATE TEMP TABLE plan AS SELECT step, statement, plan
    FROM datasurface.ds_plan_schema(:'model', 'on_disk', replace => false);
SET work_mem = '64kB';
CREATE TEMP TABLE on_disk AS SELECT step, statement, plan
    FROM datasurface.ds_plan_schema(:'model', 'on_disk', replace => false);
RESET work_mem;
SELECT count(*) > 2000 AS many, count(*) = max(step) AS numbered, count(DISTINCT plan) AS plans FROM on_disk;
SELECT count(*) AS differ FROM ((TABLE plan EXCEPT TABLE on_disk) UNION ALL (TABLE on_disk EXCEPT TABLE plan)) x;
-- an error in between leaves nothing behind
SET work_mem = '64kB';
SET statement_timeout = '20ms';
SELECT count(*) FROM datasurface.ds_plan_schema(:'model', 'on_disk', replace => false); -- fails
RESET statement_timeout;
SELECT count(*) AS files FROM pg_ls_tmpdir() WHERE name ~ ('^pgsql_tmp' || pg_backend_pid() || '\.');
