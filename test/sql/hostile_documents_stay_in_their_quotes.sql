-- A hostile document is refused with a clear error, or, where a name is only unusual, served like any other: no name,
-- type, owner or query gets out of its quotes, and nothing is left half done.
CREATE FUNCTION pg_temp.problems(document text) RETURNS SETOF text LANGUAGE sql AS $$
    SELECT concat_ws(' ', pointer, code || ':', left(message, 150)) FROM datasurface.ds_validate_model(document)
        WHERE severity = 'error'
$$;
CREATE FUNCTION pg_temp.model(store text DEFAULT 'hostile', dataset text DEFAULT 't', col text DEFAULT 'c',
    type text DEFAULT 'text', owner text DEFAULT NULL, sink text DEFAULT NULL) RETURNS text LANGUAGE sql AS $$
    SELECT scene.model(
        scene.store(store, scene.dataset(dataset, milestoned => true, more => jsonb_build_object(
            'description', E'of \\ and '' and "',
            'columns', scene.columns('id integer') || jsonb_build_object('name', col, 'type', type))),
            jsonb_strip_nulls(jsonb_build_object('schema', left(store, 50), 'owner', owner,
                'description', 'a ''quoted'' $x$ description;'))),
        scene.workspace('w ' || store, '{}', jsonb_build_object('schema', 'w ' || left(store, 50),
            'groups', jsonb_build_array(jsonb_build_object('name', 'g', 'sinks', jsonb_build_array(
                jsonb_build_object('store', store, 'dataset', dataset, 'name', coalesce(sink, dataset))))))))
$$;

-- syntax, depth, size, members given twice
SELECT pg_temp.problems(repeat('[', 100000));
SELECT pg_temp.problems('{"stores": ' || repeat('[', 70) || repeat(']', 70) || '}');
SELECT pg_temp.problems('{"stores": [], "stores": [], "workspaces": [{"name": "w", "name": "v", "groups": []}]}');
SELECT pg_temp.problems('{"stores": [{"name": "a\u0000b", "datasets": []}]}');
SELECT pg_temp.problems('{"stores": "' || repeat('x', 100) || '", "workspaces": 1e999}');
SET datasurface.max_model_size = '10kB';
SELECT * FROM datasurface.ds_validate_model(repeat(' ', 20000)); -- fails
\echo :SQLSTATE
RESET datasurface.max_model_size;

-- names that a table cannot have
SELECT col, (SELECT string_agg(p, '; ') FROM pg_temp.problems(pg_temp.model(col => col)) p) AS problems
FROM (VALUES ('ctid'), ('xmin'), ('tableoid'), ('ds_surf_batch_in'), ('ds_surf_anything'), (''), ('  '), (E'a\nb'),
    (repeat('c', 64)), (repeat('é', 32))) c(col);
SELECT pg_temp.problems(pg_temp.model(store => 'a#b', dataset => 'c#d'));
SELECT pg_temp.problems(pg_temp.model(store => 'pg_catalog'));
SELECT pg_temp.problems(pg_temp.model(store => 'datasurface'));
SELECT pg_temp.problems(pg_temp.model(store => 'information_schema'));
-- types that are none, or more than a type
SELECT type, (SELECT string_agg(p, '; ') FROM pg_temp.problems(pg_temp.model(type => type)) p) IS NOT NULL AS refused
FROM (VALUES ('nosuchtype'), ('integer; DROP TABLE x'), ('integer) ; DROP TABLE x; --'), ('integer NOT NULL'),
    ('integer DEFAULT 1'), ('integer PRIMARY KEY'),
    ('anyelement'), ('record'), ('void'), ('trigger'), ('serial'), ('integer,b integer'), ('"integer"'),
    ('text COLLATE "C"'), ('setof integer'), (''), ('varchar(0)'), ('numeric(2000)'), ('pg_class%ROWTYPE'),
    ('integer /* comment */'), ('integer -- comment'), ('varchar(20)'), ('timestamp (3) with time zone'), ('_int4'),
        ('integer[][]'), ('pg_catalog.int4'), ('"char"'), ('INTERVAL year to month')) t(type);
-- an owner that is none, or is quoted to be one
SELECT pg_temp.problems(pg_temp.model(owner => 'regress_no_such_role'));
SELECT pg_temp.problems(pg_temp.model(owner => 'postgres"; DROP TABLE x; --'));
SELECT pg_temp.problems(pg_temp.model(owner => 'public'));

-- unusual names that are served: each from the load to the as-of function
CREATE FUNCTION pg_temp.serve(store text, dataset text, col text, type text DEFAULT 'text') RETURNS text
    LANGUAGE plpgsql AS $$
DECLARE
    d datasurface.datasets;
    n integer;
    result text;
BEGIN
    PERFORM datasurface.ds_load_model(pg_temp.model(store, dataset, col, type), replace => false);
    IF EXISTS (SELECT FROM datasurface.ds_reconcile_schema(store) WHERE action = 'failed')
        THEN RETURN 'not reconciled'; END IF;
    IF EXISTS (SELECT FROM datasurface.ds_reconcile_schema(store)) THEN RETURN 'reconciled for ever'; END IF;
    SELECT * INTO d FROM datasurface.datasets x WHERE x.store = serve.store AND x.dataset = serve.dataset;
    FOR i IN 1..2 LOOP
        n := datasurface.ds_start_batch(store, 'run of ''' || regexp_replace(dataset, '%s|\{\}', '', 'g') || i);
        EXECUTE format('INSERT INTO %I.%I (id, %I) VALUES (1, ''v%s'')', d.schema_name, d.staging_table, col, i);
        PERFORM datasurface.ds_ingest(store, n, 1);
        IF datasurface.ds_run(store) <> 'DONE' THEN RETURN (SELECT error_message FROM datasurface.batches b
            WHERE stream = store ORDER BY batch DESC LIMIT 1); END IF;
    END LOOP;
    EXECUTE format('SELECT concat_ws('', '', (SELECT %1$I FROM %2$I.%3$I(1)), (SELECT %1$I FROM %2$I.%4$I),'
        ' (SELECT count(*) FROM %2$I.%5$I))',
        col, d.schema_name, d.as_of_function, d.merge_table, d.history_table) INTO result;
    RETURN result;
END $$;
SELECT store, dataset, col, pg_temp.serve(store, dataset, col) AS served FROM (VALUES
    ('hostile "quoted"', 'it''s', '"'), ('hostile; DROP TABLE x; --', '%s %I $1 {}', '$1'),
    ('Hostile UPPER', 'Select', 'Order'), ('hostile select', 'table', 'user'), ('hostile ключ', 'данные', '価格'),
    ('hostile.dot', 'a.b', 'c.d'), ('hostile\back', E'\\', E'\\'''), ('hostile,{"comma"}', '{a,"b"}', '{}'),
    ('hostile NULL', 'NULL', 'NULL'), ('hostile col', 's', 'm'), ('hostile param', 'd', 'batch'),
    ('hostile diff', 'diff', 'key'), ('hostile row', 'deleted', 'change'), ('hostile x', 'g', 'n')) v(store, dataset,
    col);
SELECT obj_description(format('%I.%I', schema_name, merge_table)::regclass, 'pg_class') AS comment, count(*)
FROM datasurface.datasets WHERE store ILIKE 'hostile%' GROUP BY 1;
-- nothing got out: what the names asked to drop was never there, and no schema is named like a part of them
SELECT count(*) AS got_out FROM pg_namespace WHERE nspname IN ('x', 'quoted', 'b', 'back', 'dot');
-- in arguments too
SELECT datasurface.ds_start_batch('hostile''; DROP TABLE x; --'); -- fails
SELECT datasurface.ds_run(repeat('x', 100)); -- fails
SELECT datasurface.ds_start_batch(NULL); -- fails
SELECT count(*) FROM datasurface.ds_reconcile_schema('" OR true'); -- fails
