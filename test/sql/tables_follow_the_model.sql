-- Each kind of change of a model, on a live and a milestoned dataset that have rows and history: what waits for whom, that a batch of
-- the same rows finds nothing changed after it, by the native engine, and that earlier batches are as they were.
CREATE ROLE regress_changes_reader;
CREATE TABLE public.changes_source (id integer, k integer, v varchar(10), n numeric(5,2), d date);

CREATE FUNCTION pg_temp.store(name text, columns text, query text, key text, more jsonb, of_store jsonb) RETURNS jsonb LANGUAGE sql AS $$
    SELECT scene.store(name, scene.dataset('l', columns, query, key, more => more)
        || scene.dataset('m', columns, query, key, milestoned => true, more => more), of_store)
$$;

CREATE FUNCTION pg_temp.counts(name text) RETURNS text LANGUAGE sql AS $$
    SELECT string_agg(format('%s %s: +%s ~%s -%s =%s', dataset, engine, inserted, updated, deleted, unchanged), ', ' ORDER BY dataset)
    FROM datasurface.batch_datasets WHERE stream = name AND batch = (SELECT max(batch) FROM datasurface.batches WHERE stream = name)
$$;

CREATE TABLE pg_temp.as_of_before (n integer, row jsonb);

-- Three batches of rows that come, change and go; a grant, an index and a column of a user's.
CREATE PROCEDURE pg_temp.fill(name text) LANGUAGE plpgsql AS $$
BEGIN
    TRUNCATE public.changes_source;
    INSERT INTO public.changes_source SELECT i, i % 7, 'v' || i, i / 4.0, date '2020-01-01' + i FROM generate_series(1, 40) i;
    PERFORM datasurface.ds_run(name, 'one');
    UPDATE public.changes_source SET v = 'w' || id WHERE id % 3 = 0;
    DELETE FROM public.changes_source WHERE id % 5 = 0;
    PERFORM datasurface.ds_run(name, 'two');
    UPDATE public.changes_source SET n = n + 1 WHERE id % 4 = 0;
    INSERT INTO public.changes_source VALUES (5, 5, 'again', 5, '2021-01-01');
    PERFORM datasurface.ds_run(name, 'three');
    EXECUTE format('GRANT SELECT ON %1$I.m TO regress_changes_reader; CREATE INDEX theirs ON %1$I.m (k)', name);
    DELETE FROM pg_temp.as_of_before;
    EXECUTE format('INSERT INTO pg_temp.as_of_before SELECT b, to_jsonb(t) - ''ds_surf_batch_in'' - ''ds_surf_batch_out'''
        ' FROM generate_series(1, 3) b, %I.m_as_of(b) t', name);
    EXECUTE format('ALTER TABLE %I.l ADD their_column text DEFAULT ''x''', name);
END $$;

-- seen: what an earlier row looks like after the change, made of the column row. stripped: members of rows that are not compared.
CREATE FUNCTION pg_temp.change(name text, columns text DEFAULT 'id integer, k integer not null, v varchar(10), n numeric(5,2)',
    query text DEFAULT 'SELECT id, k, v, n FROM public.changes_source', key text DEFAULT 'id', seen text DEFAULT 'row',
    stripped text[] DEFAULT '{}', allow text[] DEFAULT '{rewrite,lossy}', more jsonb DEFAULT '{}', of_store jsonb DEFAULT '{}',
    schema text DEFAULT NULL, dataset text DEFAULT 'm', new_store jsonb DEFAULT NULL,
    OUT waits text, OUT batch text, OUT as_of text, OUT kept text) LANGUAGE plpgsql AS $$
DECLARE
    failed text;
    target text := coalesce(schema, name);
BEGIN
    CALL scene.make(pg_temp.store(name, 'id integer, k integer not null, v varchar(10), n numeric(5,2)',
        'SELECT id, k, v, n FROM public.changes_source', 'id', '{}', '{}'));
    CALL pg_temp.fill(name);
    PERFORM datasurface.ds_load_model(scene.model(coalesce(new_store, pg_temp.store(name, columns, query, key, more, of_store))),
        replace => false);
    SELECT coalesce(string_agg(DISTINCT split_part(detail, ':', 1), ', '), '-') INTO waits
    FROM datasurface.ds_reconcile_schema(name) WHERE action = 'waiting';
    SELECT string_agg(concat_ws(' ', object, action, error, detail), '; ') INTO failed
    FROM datasurface.ds_reconcile_schema(name, allow) WHERE action IN ('failed', 'waiting');
    IF failed IS NOT NULL THEN
        batch := failed;
        RETURN;
    END IF;
    batch := datasurface.ds_run(name, 'four') || ' ' || pg_temp.counts(name);
    IF to_regprocedure(format('%I.%I(integer)', target, dataset || '_as_of')) IS NOT NULL THEN
        EXECUTE format('SELECT count(*) || '' of '' || (SELECT count(*) FROM pg_temp.as_of_before) FROM (SELECT n, (%s) - $1 AS r FROM pg_temp.as_of_before'
            ' INTERSECT ALL SELECT b, to_jsonb(t) - ''ds_surf_batch_in'' - ''ds_surf_batch_out'' - $1'
            ' FROM generate_series(1, 3) b, %I.%I(b) t) x', seen, target, dataset || '_as_of') USING stripped INTO as_of;
    END IF;
    EXECUTE format('SELECT concat_ws('', '', CASE WHEN has_table_privilege(''regress_changes_reader'', %1$L, ''SELECT'') THEN ''grant'' END,'
        ' CASE WHEN to_regclass(%2$L) IS NOT NULL THEN ''index'' END, (SELECT ''column'' FROM %3$I.l WHERE their_column = ''x'' LIMIT 1))',
        format('%I.%I', target, dataset), format('%I.theirs', target), target) INTO kept;
END $$;

\set VERBOSITY terse
SET client_min_messages = error;
\x
SELECT 'nothing', * FROM pg_temp.change('c_nothing');
SELECT 'column added, nullable', * FROM pg_temp.change('c_added', 'id integer, k integer not null, v varchar(10), n numeric(5,2), d date',
    'SELECT id, k, v, n, NULL::date AS d FROM public.changes_source', seen => $$row || '{"d": null}'$$);
SELECT 'column added, with a default', * FROM pg_temp.change('c_default', query => 'SELECT id, k, v, n, date ''2020-02-02'' AS d FROM public.changes_source',
    more => '{"columns": [{"name": "id", "type": "integer"}, {"name": "k", "type": "integer", "nullable": false}, {"name": "v", "type": "varchar(10)"},
        {"name": "n", "type": "numeric(5,2)"}, {"name": "d", "type": "date", "nullable": false, "default": "2020-02-02"}]}', stripped => '{d}');
SELECT 'column dropped', * FROM pg_temp.change('c_dropped', 'id integer, k integer not null, n numeric(5,2)',
    'SELECT id, k, n FROM public.changes_source', seen => $$row - 'v'$$);
SELECT 'column renamed', * FROM pg_temp.change('c_renamed', query => 'SELECT id, k, v AS label, n FROM public.changes_source',
    more => '{"columns": [{"name": "id", "type": "integer"}, {"name": "k", "type": "integer", "nullable": false},
        {"name": "label", "type": "varchar(10)", "was": "v"}, {"name": "n", "type": "numeric(5,2)"}]}',
    seen => $$row - 'v' || jsonb_build_object('label', row -> 'v')$$);
SELECT 'key renamed', * FROM pg_temp.change('c_key_renamed', query => 'SELECT id AS number, k, v, n FROM public.changes_source', key => 'number',
    more => '{"columns": [{"name": "number", "type": "integer", "was": "id"}, {"name": "k", "type": "integer", "nullable": false},
        {"name": "v", "type": "varchar(10)"}, {"name": "n", "type": "numeric(5,2)"}]}',
    seen => $$row - 'id' || jsonb_build_object('number', row -> 'id')$$);
SELECT 'columns reordered', * FROM pg_temp.change('c_order', 'n numeric(5,2), v varchar(10), id integer, k integer not null');
SELECT 'varchar wider', * FROM pg_temp.change('c_wider', 'id integer, k integer not null, v varchar(20), n numeric(7,2)');
SELECT 'varchar to text', * FROM pg_temp.change('c_text', 'id integer, k integer not null, v text, n numeric');
SELECT 'integer to bigint', * FROM pg_temp.change('c_bigint', 'id bigint, k bigint not null, v varchar(10), n numeric(5,2)');
SELECT 'numeric scale', * FROM pg_temp.change('c_scale', 'id integer, k integer not null, v varchar(10), n numeric(8,3)', stripped => '{n}');
SELECT 'integer to text', * FROM pg_temp.change('c_lossy', 'id integer, k text not null, v varchar(10), n numeric(5,2)',
    'SELECT id, k::text, v, n FROM public.changes_source', seen => $$row || jsonb_build_object('k', row ->> 'k')$$);
SELECT 'text to integer, which does not convert', * FROM pg_temp.change('c_refused', 'id integer, k integer not null, v integer, n numeric(5,2)',
    'SELECT id, k, id AS v, n FROM public.changes_source');
SELECT 'nullable', * FROM pg_temp.change('c_nullable', 'id integer, k integer, v varchar(10), n numeric(5,2)');
SELECT 'not null', * FROM pg_temp.change('c_not_null', 'id integer, k integer not null, v varchar(10) not null, n numeric(5,2)');
SELECT 'key with one column more', * FROM pg_temp.change('c_key_more', key => 'id, k');
SELECT 'key that duplicates share', * FROM pg_temp.change('c_key_shared', key => 'k');
SELECT 'another key', * FROM pg_temp.change('c_key', 'id integer, k integer not null, v varchar(10) not null, n numeric(5,2)', key => 'v, k');
SELECT 'fillfactor, history index', * FROM pg_temp.change('c_options', more => '{"fillfactor": 70, "history_key_index": false}');
SELECT 'live to milestoned and back', * FROM pg_temp.change('c_milestoning', new_store => scene.store('c_milestoning',
    scene.dataset('l', 'id integer, k integer not null, v varchar(10), n numeric(5,2)', 'SELECT id, k, v, n FROM public.changes_source', milestoned => true)
    || scene.dataset('m', 'id integer, k integer not null, v varchar(10), n numeric(5,2)', 'SELECT id, k, v, n FROM public.changes_source')));
SELECT 'another schema', * FROM pg_temp.change('c_schema', of_store => '{"schema": "c_elsewhere"}', schema => 'c_elsewhere');
SELECT 'dataset renamed', * FROM pg_temp.change('c_dataset', dataset => 'm2', new_store => scene.store('c_dataset',
    scene.dataset('l', 'id integer, k integer not null, v varchar(10), n numeric(5,2)', 'SELECT id, k, v, n FROM public.changes_source')
    || scene.dataset('m2', 'id integer, k integer not null, v varchar(10), n numeric(5,2)', 'SELECT id, k, v, n FROM public.changes_source', milestoned => true, more => '{"was": "m"}')));
\x

-- as-of of a dataset that became milestoned: from its newest batch on
SELECT count(*) FROM c_milestoning.l_as_of(3);
SELECT count(*) FROM c_milestoning.l_as_of(2); -- fails
\echo :SQLSTATE
PREPARE as_of AS SELECT count(*) FROM c_milestoning.l_as_of($1);
SET plan_cache_mode = force_generic_plan;
EXECUTE as_of(4);
EXECUTE as_of(1); -- fails
-- the history that was is a plain table
SELECT count(*) > 0 AS stays FROM c_milestoning.m_history;

-- the name of a dataset is free for another when its tables have given it up
CALL scene.make(scene.store('c_chain', scene.dataset('a') || scene.dataset('b')));
SELECT version > 0 AS loaded FROM datasurface.ds_load_model(scene.model(scene.store('c_chain', scene.dataset('a') || scene.dataset('c', more => '{"was": "b"}'))), replace => false);
SELECT pointer, code, message, hint FROM datasurface.ds_validate_model(scene.model(scene.store('c_chain', scene.dataset('b', more => '{"was": "a"}') || scene.dataset('c'))), replace => false);
SELECT object, action FROM datasurface.ds_reconcile_schema('c_chain') WHERE statement LIKE '%RENAME%' OR action = 'failed';
SELECT version > 0 AS loaded FROM datasurface.ds_load_model(scene.model(scene.store('c_chain', scene.dataset('b', more => '{"was": "a"}') || scene.dataset('c'))), replace => false);
DROP OWNED BY regress_changes_reader;
DROP ROLE regress_changes_reader;

-- A column that became NOT NULL before a reconcile added it is new as well: it needs a default.
CREATE FUNCTION pg_temp.late(columns text) RETURNS text LANGUAGE sql AS $$
    SELECT scene.model(scene.store('c_late', scene.dataset('t', columns))) $$;
SELECT version > 0 AS loaded FROM datasurface.ds_load_model(pg_temp.late('id bigint'), replace => false);
SELECT count(*) > 0 AS made FROM datasurface.ds_reconcile_schema('c_late');
SELECT version > 0 AS loaded FROM datasurface.ds_load_model(pg_temp.late('id bigint, v text'), replace => false);
SELECT scene.refused($$SELECT datasurface.ds_load_model(pg_temp.late('id bigint, v text not null'), replace => false)$$);
SELECT count(*) > 0 AS added FROM datasurface.ds_reconcile_schema('c_late');
SELECT version > 0 AS loaded FROM datasurface.ds_load_model(pg_temp.late('id bigint, v text not null'), replace => false);
