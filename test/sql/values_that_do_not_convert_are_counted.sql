-- A change to a type that may not hold what is there is refused while the plan counts rows that do not convert.
CREATE SCHEMA converting_source;
CREATE TABLE converting_source.t AS SELECT id, id::text AS v, 'abc' AS code FROM generate_series(1, 5000) id;
CREATE FUNCTION pg_temp.load(type text, code text DEFAULT 'text') RETURNS boolean LANGUAGE sql AS $$
    SELECT version > 0 FROM datasurface.ds_load_model(scene.model(scene.store('converting',
        scene.dataset('t', format('id integer, v %s, code %s', type, code),
        format('SELECT id, v::%s, code FROM converting_source.t', type), milestoned => true))),
        replace => false) $$;
CREATE VIEW pg_temp.plan AS SELECT object, class, bytes > 0 AS has_bytes, reason
    FROM datasurface.ds_plan_schema(store => 'converting') WHERE statement ~ 'TYPE' ORDER BY step;
SELECT pg_temp.load('text');
SELECT count(*) FILTER (WHERE action = 'failed') AS failed FROM datasurface.ds_reconcile_schema('converting');
SELECT datasurface.ds_run('converting');
-- some values do not convert, of current rows and of a closed version
UPDATE converting_source.t SET v = 'seven' WHERE id = 7;
SELECT datasurface.ds_run('converting');
UPDATE converting_source.t SET v = CASE id WHEN 7 THEN '7' WHEN 10 THEN 'ten' WHEN 4000 THEN '' ELSE v || '9999999' END
WHERE id IN (7, 10, 4000, 4001);
SELECT datasurface.ds_run('converting');

SELECT pg_temp.load('integer');
SELECT * FROM pg_temp.plan;
SELECT object, action, detail FROM datasurface.ds_reconcile_schema('converting', '{rewrite,lossy}') WHERE statement ~ 'TYPE';
SELECT count(*) AS kept FROM converting.t WHERE v IN ('ten', '', '40019999999');
-- of many, 100 are enough
SELECT pg_temp.load('date');
SELECT * FROM pg_temp.plan;

-- A shorter character type cuts nothing; blanks at the end do not count.
SELECT pg_temp.load('text', 'varchar(2)');
SELECT * FROM pg_temp.plan;
UPDATE converting_source.t SET code = 'ab ';
SELECT pg_temp.load('text');
SELECT * FROM datasurface.ds_reconcile_schema('converting');
SELECT datasurface.ds_run('converting');
SELECT pg_temp.load('text', 'varchar(2)');
SELECT * FROM pg_temp.plan; -- the history still has the three letters
SELECT pg_temp.load('text', 'varchar(3)');
SELECT * FROM pg_temp.plan;
SELECT count(*) FILTER (WHERE action IN ('failed', 'waiting')) AS undone, count(*) > 0 AS done
FROM datasurface.ds_reconcile_schema('converting', '{lossy}');

-- When the values convert, what a batch wrote stays, and a batch of the same rows changes nothing.
DELETE FROM converting.t_history WHERE v = 'seven';
DELETE FROM converting_source.t WHERE id IN (10, 4000, 4001);
SELECT datasurface.ds_run('converting');
DELETE FROM converting.t_history WHERE v !~ '^\d{1,9}$';
SELECT pg_temp.load('integer', 'varchar(3)');
SELECT * FROM pg_temp.plan;
SELECT count(*) FILTER (WHERE action IN ('failed', 'waiting')) AS undone, count(*) > 0 AS done
FROM datasurface.ds_reconcile_schema('converting', '{lossy}');
SELECT sum(v) FROM converting.t;
SELECT datasurface.ds_run('converting');
