-- Columns of ours that somebody has renamed or dropped by hand: the plan shows it, and nothing is made anew in their place until that is
-- allowed.
CREATE TABLE public.by_hand_source AS SELECT i AS id, 'v' || i AS v, i AS n FROM generate_series(1, 3) i;
CREATE FUNCTION pg_temp.store(name text, milestoned boolean DEFAULT false) RETURNS jsonb LANGUAGE sql AS $$
    SELECT scene.store(name, scene.dataset('t', 'id integer, v text, n integer', 'TABLE public.by_hand_source',
        milestoned => milestoned)) $$;
CREATE FUNCTION pg_temp.desk(name text) RETURNS jsonb LANGUAGE sql AS $$
    SELECT scene.workspace(name || '_desk', ARRAY[name || '.t']) $$;
CALL scene.make(pg_temp.store('by_hand'), pg_temp.desk('by_hand'));
SELECT datasurface.ds_run('by_hand');

\x
-- Renamed: the values are there under another name, which the view goes on showing.
ALTER TABLE by_hand.t RENAME COLUMN v TO label;
SELECT object, action, statement, class, reason FROM datasurface.ds_plan_schema(store => 'by_hand') ORDER BY step;
SELECT object, action, statement, error, detail, hint FROM datasurface.ds_reconcile_schema('by_hand', '{rewrite}');
SELECT id, v FROM by_hand_desk.t ORDER BY id LIMIT 1;
SELECT datasurface.ds_run('by_hand'); -- fails
ALTER TABLE by_hand.t RENAME COLUMN label TO v;
SELECT * FROM datasurface.ds_reconcile_schema('by_hand');
SELECT datasurface.ds_run('by_hand');
-- or the model says so too
ALTER TABLE by_hand.t RENAME COLUMN v TO label;
SELECT version > 0 AS loaded FROM datasurface.ds_load_model(scene.model(scene.store('by_hand', scene.dataset('t',
    query => 'SELECT id, v AS label, n FROM public.by_hand_source', more => '{"columns": [{"name": "id", "type": "integer"},
        {"name": "label", "type": "text", "was": "v"}, {"name": "n", "type": "integer"}]}'))), replace => false);
SELECT object, action, statement FROM datasurface.ds_reconcile_schema('by_hand');
-- the view has followed the column, which is another query than the one that was made
SELECT action, error FROM datasurface.ds_reconcile_schema('by_hand');
DROP VIEW by_hand_desk.t;
SELECT object, action FROM datasurface.ds_reconcile_schema('by_hand');
SELECT datasurface.ds_run('by_hand');
SELECT id, label FROM by_hand_desk.t ORDER BY id LIMIT 1;

-- Dropped: an empty column comes when it is allowed, and values with the next batch.
ALTER TABLE by_hand.t DROP COLUMN n CASCADE;
SELECT object, action, statement, class, reason FROM datasurface.ds_plan_schema(store => 'by_hand') ORDER BY step;
SELECT action, statement, detail, hint FROM datasurface.ds_reconcile_schema('by_hand');
SELECT action, statement FROM datasurface.ds_reconcile_schema('by_hand', '{lossy}');
SELECT datasurface.ds_run('by_hand');
SELECT id, label, n FROM by_hand.t ORDER BY id LIMIT 1;

-- Of a milestoned dataset, the function follows a column that is renamed.
CALL scene.make(pg_temp.store('by_hand_m', true), pg_temp.desk('by_hand_m'));
SELECT datasurface.ds_run('by_hand_m');
ALTER TABLE by_hand_m.t RENAME COLUMN id TO number;
SELECT object, action, class, dependents, reason FROM datasurface.ds_plan_schema(store => 'by_hand_m') ORDER BY step;
ALTER TABLE by_hand_m.t RENAME COLUMN number TO id;
ALTER TABLE by_hand_m.t_history RENAME COLUMN v TO label;
SELECT object, action, class, dependents, reason FROM datasurface.ds_plan_schema(store => 'by_hand_m') ORDER BY step;
SELECT action, detail, hint FROM datasurface.ds_reconcile_schema('by_hand_m', '{lossy}') WHERE action = 'waiting';
DROP FUNCTION by_hand_m.t_as_of;
DROP VIEW by_hand_m_desk.t_full;
SELECT object, action FROM datasurface.ds_reconcile_schema('by_hand_m', '{lossy}');
SELECT id, v, n FROM by_hand_m.t_as_of(1) ORDER BY id LIMIT 1;

-- A view that was dropped or renamed is made again: it has no values of its own.
ALTER VIEW by_hand_m_desk.t RENAME TO elsewhere;
SELECT object, action, class, reason FROM datasurface.ds_plan_schema(store => 'by_hand_m') ORDER BY step;
SELECT object, action FROM datasurface.ds_reconcile_schema('by_hand_m');
SELECT count(*) FROM by_hand_m_desk.elsewhere;

-- System columns: their values are of batches, so nothing makes them again. The plan says what to do.
CREATE FUNCTION pg_temp.after(change text, back text) RETURNS TABLE (statement text, class text, reason text, batch text,
    action text, hint text) LANGUAGE plpgsql AS $$
BEGIN
    EXECUTE change;
    FOR statement, class, reason IN SELECT p.statement, p.class, p.reason
        FROM datasurface.ds_plan_schema(store => 'by_hand') p WHERE p.object NOT LIKE '%desk%' LOOP
        SELECT datasurface.ds_run('by_hand') INTO batch;
        SELECT r.action, r.hint INTO action, hint FROM datasurface.ds_reconcile_schema('by_hand', '{rewrite,lossy}') r LIMIT 1;
        RETURN NEXT;
    END LOOP;
    EXECUTE back;
END $$;
SELECT * FROM pg_temp.after('ALTER TABLE by_hand.t RENAME COLUMN ds_surf_batch_in TO begun',
    'ALTER TABLE by_hand.t RENAME COLUMN begun TO ds_surf_batch_in');
SELECT * FROM pg_temp.after('ALTER TABLE by_hand.t ALTER ds_surf_batch_out TYPE bigint',
    'ALTER TABLE by_hand.t ALTER ds_surf_batch_out TYPE integer');
SELECT * FROM pg_temp.after('ALTER TABLE by_hand.t_staging ALTER ds_surf_arrival DROP IDENTITY', 'TRUNCATE by_hand.t_staging;'
    'ALTER TABLE by_hand.t_staging ALTER ds_surf_arrival ADD GENERATED ALWAYS AS IDENTITY (SEQUENCE NAME by_hand.t_staging_seq)');
SELECT action FROM datasurface.ds_reconcile_schema('by_hand') WHERE action <> 'comment';
SELECT datasurface.ds_run('by_hand');
SELECT * FROM pg_temp.after('ALTER TABLE by_hand.t DROP ds_surf_batch_in', 'DROP TABLE by_hand.t CASCADE');
SELECT action, statement FROM datasurface.ds_reconcile_schema('by_hand') WHERE action <> 'comment';
SELECT datasurface.ds_run('by_hand');
\x
DROP TABLE public.by_hand_source;
