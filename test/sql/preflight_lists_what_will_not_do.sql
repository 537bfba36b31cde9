-- ds_preflight lists settings of the server that will not do for the model, and says nothing when they will. In a database of its own.
\set SHOW_CONTEXT never
SELECT current_database() AS regress_database \gset
CREATE DATABASE preflight_lists_what_will_not_do;
\c preflight_lists_what_will_not_do
CREATE EXTENSION datasurface;
CREATE ROLE regress_preflight_monitor IN ROLE pg_monitor;
-- what depends on the server of the test is left out: its settings, and how large its catalogs are
CREATE VIEW advice AS SELECT severity, setting, wanted::integer > value::integer AS more,
        regexp_replace(reason, '(some|for|that is) \d+', '\1 N', 'g') AS reason
    FROM datasurface.ds_preflight() WHERE setting = 'max_locks_per_transaction';
SELECT * FROM advice;
SELECT version FROM datasurface.ds_load_model(scene.model(scene.store('few', scene.dataset('t') || scene.dataset('u')),
    scene.workspace('preflight_desk', '{few.t}')));
SELECT * FROM advice;
-- a large store, and its sinks
SELECT version FROM datasurface.ds_load_model(scene.model(
    scene.store('many', (SELECT scene.list(scene.dataset('t' || i, milestoned => i % 2 = 0)) FROM generate_series(1, 2000) i))),
    replace => false);
SELECT * FROM advice;
SELECT version FROM datasurface.ds_load_model(scene.model(
    scene.store('many', (SELECT scene.list(scene.dataset('t' || i, milestoned => i % 2 = 0)) FROM generate_series(1, 2000) i),
        '{"consistency": "single"}')), replace => false);
SET ROLE regress_preflight_monitor;
SELECT DISTINCT setting FROM datasurface.ds_preflight() WHERE setting LIKE 'max%';
RESET ROLE;
SELECT * FROM advice;
SELECT setting FROM datasurface.ds_preflight() WHERE severity = 'warning' AND setting = 'shared_buffers';
SET track_counts = off;
SELECT setting, value, wanted, severity FROM datasurface.ds_preflight() WHERE setting = 'track_counts';
RESET track_counts;
BEGIN READ ONLY;
SELECT count(*) > 0 AS advises FROM datasurface.ds_preflight();
COMMIT;

-- The numbers of docs/operations.md: what reconcile locks, what is there then, and what pg_dump locks of it.
SELECT count(*) > 0 AS loaded FROM datasurface.ds_load_model(scene.model(
    scene.store('live', (SELECT scene.list(scene.dataset('t' || i, 'id integer, v text')) FROM generate_series(1, 20) i))
    || scene.store('milestoned', (SELECT scene.list(scene.dataset('t' || i, 'id integer, v text', milestoned => true))
        FROM generate_series(1, 20) i)),
    scene.workspace('live_desk', (SELECT array_agg('live.t' || i) FROM generate_series(1, 20) i))
    || scene.workspace('milestoned_desk', (SELECT array_agg('milestoned.t' || i) FROM generate_series(1, 20) i))));
CREATE VIEW locked AS SELECT count(DISTINCT (locktype, relation, classid, objid)) AS locks
    FROM pg_locks LEFT JOIN pg_class c ON c.oid = relation
    WHERE pid = pg_backend_pid() AND (c.oid >= 16384 OR relation IS NULL)
        AND coalesce(c.relnamespace <> 'datasurface'::regnamespace, true);
BEGIN;
SELECT count(*) > 0 AS made FROM datasurface.ds_reconcile_schema('live');
SELECT locks / 20.0 BETWEEN 12 AND 14 AS as_expected FROM locked;
COMMIT;
BEGIN;
SELECT count(*) > 0 AS made FROM datasurface.ds_reconcile_schema('milestoned');
SELECT locks / 20.0 BETWEEN 21 AND 23 AS as_expected FROM locked;
COMMIT;
WITH mine AS (
    SELECT c.oid, relkind, nspname FROM pg_class c JOIN pg_namespace n ON n.oid = relnamespace
    WHERE nspname IN ('live', 'live_desk', 'milestoned', 'milestoned_desk'))
SELECT replace(nspname, '_desk', '') AS store, count(*) / 20 AS relations,
    count(*) FILTER (WHERE relkind IN ('r', 'S', 'v')) / 20 AS dumped
FROM (TABLE mine UNION ALL
    SELECT t.oid, t.relkind, nspname FROM mine JOIN pg_class c USING (oid) JOIN pg_class t ON t.oid = c.reltoastrelid
    UNION ALL
    SELECT i.indexrelid, 'i', nspname FROM mine JOIN pg_class c USING (oid) JOIN pg_index i ON i.indrelid = c.reltoastrelid) x
GROUP BY 1 ORDER BY 1;
\c :regress_database
DROP DATABASE preflight_lists_what_will_not_do;
DROP ROLE regress_preflight_monitor;
