-- Types that hold every value of the type before: a batch of the same rows finds nothing changed, by the native engine;
-- earlier batches give what they gave; views of consumers are as they were, with their grants. Live and milestoned.
CREATE ROLE regress_widen_reader;
CREATE SCHEMA widen_source;
CREATE TABLE widen_source.t
    (id smallint, k integer, r real, d date, c char(5), v varchar(5), m timestamp(0), n numeric(4,1));
INSERT INTO widen_source.t SELECT i, i, i / 3.0, date '2020-01-01' + i, 'c' || i, 'v' || i,
    timestamp '2020-01-01' + i * interval '1 hour', i / 10.0 FROM generate_series(1, 20) i;
CREATE FUNCTION pg_temp.store(columns text) RETURNS jsonb LANGUAGE sql AS $$
    SELECT scene.store('widen', scene.dataset('l', columns, 'TABLE widen_source.t')
        || scene.dataset('m', columns, 'TABLE widen_source.t', milestoned => true)) $$;
CALL scene.make(pg_temp.store('id smallint, k integer, r real, d date, c char(5), v varchar(5), m timestamp(0), '
    'n numeric(4,1)'), scene.workspace('widen_desk', '{widen.l,widen.m}'));
GRANT SELECT ON widen_desk.l, widen_desk.m, widen_desk.m_full TO regress_widen_reader;
SELECT datasurface.ds_run('widen', 'one');
DELETE FROM widen_source.t WHERE id % 4 = 0;
UPDATE widen_source.t SET k = 0 WHERE id % 3 = 0;
SELECT datasurface.ds_run('widen', 'two');
CREATE TEMP TABLE before AS SELECT b, id, k, r::float8, d::timestamp, c::text, v::text, m::timestamp, n::numeric
    FROM generate_series(1, 2) b, widen.m_as_of(b);

SELECT version > 0 AS loaded FROM datasurface.ds_load_model(scene.model(pg_temp.store(
    'id integer, k bigint, r double precision, d timestamp, c text, v text, m timestamp, n numeric')),
    replace => false);
SELECT class, statement FROM datasurface.ds_plan_schema(store => 'widen')
    WHERE action = 'alter' AND object ~ '"m"$' ORDER BY 1;
SELECT object, action, error FROM datasurface.ds_reconcile_schema('widen', '{rewrite}')
    WHERE action IN ('failed', 'waiting');
SELECT relname AS view, has_table_privilege('regress_widen_reader', c.oid, 'SELECT') AS reads,
    string_agg(format_type(atttypid, atttypmod), ', ' ORDER BY attnum) AS types
    FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid AND attnum > 0
    WHERE relnamespace = 'widen_desk'::regnamespace GROUP BY c.oid ORDER BY 1;
SELECT datasurface.ds_run('widen', 'three');
SELECT dataset, engine, inserted, updated, deleted, unchanged FROM datasurface.batch_datasets
    WHERE stream = 'widen' AND batch = 3 ORDER BY 1;
SELECT count(*) FILTER (WHERE x.id IS NULL OR y.id IS NULL) AS differ, count(*) FROM before x
    FULL JOIN (SELECT b, t.* FROM generate_series(1, 2) b, widen.m_as_of(b) t) y USING (b, id, k, r, d, c, v, m, n);
SELECT count(*) AS versions FROM widen_desk.m_full;

-- what users have added stays: a trigger, an index, a column and a grant
CREATE FUNCTION widen_source.theirs() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RETURN NEW; END $$;
CREATE TRIGGER theirs BEFORE UPDATE ON widen.l FOR EACH ROW EXECUTE FUNCTION widen_source.theirs();
CREATE INDEX theirs ON widen.m_history (k);
ALTER TABLE widen.m ADD theirs text DEFAULT 'x';
GRANT SELECT ON widen.l, widen.m_history TO regress_widen_reader;
SELECT version > 0 AS loaded FROM datasurface.ds_load_model(scene.model(pg_temp.store(
    'id bigint, k numeric, r double precision, d timestamp, c text, v text, m timestamp, n numeric')),
    replace => false);
SELECT object, action, error FROM datasurface.ds_reconcile_schema('widen', '{rewrite}')
    WHERE action IN ('failed', 'waiting');
SELECT (SELECT tgname FROM pg_trigger WHERE tgrelid = 'widen.l'::regclass) AS trigger,
    to_regclass('widen.theirs') AS index,
    (SELECT count(*) FROM widen.m WHERE theirs = 'x') AS rows_of_column,
    has_table_privilege('regress_widen_reader', 'widen.l', 'SELECT') AS merge,
    has_table_privilege('regress_widen_reader', 'widen.m_history', 'SELECT') AS history;
SELECT datasurface.ds_run('widen', 'four');
SELECT dataset, engine, inserted, updated, deleted, unchanged FROM datasurface.batch_datasets
    WHERE stream = 'widen' AND batch = 4 ORDER BY 1;
DROP OWNED BY regress_widen_reader;
DROP ROLE regress_widen_reader;
