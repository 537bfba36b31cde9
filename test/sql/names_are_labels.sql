-- A name is a label. "was" gives a store, dataset, column or workspace another one: streams, batches, numbers and ids
-- stay. In a database of its own.
\set SHOW_CONTEXT never
SELECT current_database() AS regress_database \gset
CREATE DATABASE names_are_labels;
\c names_are_labels
CREATE EXTENSION datasurface;
CREATE FUNCTION load(stores jsonb, workspaces jsonb DEFAULT '[]', replace boolean DEFAULT false)
    RETURNS TABLE (version integer, warnings text[]) LANGUAGE sql AS $$
    SELECT * FROM datasurface.ds_load_model(scene.model(stores, workspaces), replace) $$;
CREATE FUNCTION faults(stores jsonb, workspaces jsonb DEFAULT '[]', replace boolean DEFAULT false)
    RETURNS TABLE (pointer text, code text, message text, hint text) LANGUAGE sql AS $$
    SELECT pointer, code, message, hint FROM datasurface.ds_validate_model(scene.model(stores, workspaces), replace) $$;
-- columns "a" or "b was a"
CREATE FUNCTION dataset(name text, columns text DEFAULT 'id, v', was text DEFAULT NULL) RETURNS jsonb LANGUAGE sql AS $$
    SELECT jsonb_build_array(jsonb_strip_nulls(jsonb_build_object('name', name, 'was', was, 'description', 'd',
        'milestoning', 'milestoned', 'primary_key', '["id"]'::jsonb,
        'ingestion', '{"kind": "push"}'::jsonb, 'columns', (
            SELECT jsonb_agg(jsonb_strip_nulls(jsonb_build_object('name', split_part(c, ' was ', 1), 'type', 'integer',
                'was', nullif(split_part(c, ' was ', 2), ''))) ORDER BY n)
            FROM regexp_split_to_table(columns, ', ') WITH ORDINALITY x(c, n)))))
$$;
CREATE FUNCTION push(stream text, staging regclass, rows integer, "column" text DEFAULT 'v') RETURNS text
    LANGUAGE plpgsql AS $$
DECLARE batch integer := datasurface.ds_start_batch(stream);
BEGIN
    EXECUTE format('INSERT INTO %s (id, %I) SELECT i, i * 10 FROM generate_series(1, $1) i', staging, "column")
        USING rows;
    PERFORM datasurface.ds_ingest(stream, batch, rows);
    RETURN batch || ' ' || datasurface.ds_run(stream);
END $$;
CREATE VIEW streams AS SELECT stream_id, name, last_batch, in_model FROM datasurface.stream ORDER BY 1;
CREATE VIEW columns AS SELECT s.name AS store, d.dataset_id AS id, d.name, in_model,
        (SELECT string_agg(c ->> 'id' || ' ' || (c ->> 'name'), ', ' ORDER BY n)
            FROM jsonb_array_elements(definition -> 'columns') WITH ORDINALITY x(c, n)) AS columns,
        last_column_id AS last, made_columns AS made
    FROM datasurface.dataset d JOIN (SELECT store_id, name FROM datasurface.store) s USING (store_id) ORDER BY 2;

\pset format unaligned
-- two stores, one of which commits dataset by dataset, and a workspace
SELECT scene.workspace('desk', '{one.a}') AS desk \gset
SELECT load(scene.store('one', dataset('a'))
    || scene.store('many', dataset('a') || dataset('b'), '{"consistency": "single"}'), :'desk', true);
SELECT count(*) FROM datasurface.ds_reconcile_schema() WHERE action = 'failed';
SELECT push('one', 'one.a_staging', 1), push('one', 'one.a_staging', 2), push('many#a', 'many.a_staging', 3);
SELECT datasurface.ds_start_batch('many#b', 'nightly');
TABLE streams;
TABLE columns;

-- stores and the workspace get other names. Their schemas stay; without a word of them they would change too
SELECT scene.workspace('table', '{single.a}', '{"was": "desk", "schema": "desk"}') AS desk2 \gset
\x
SELECT * FROM faults(scene.store('single', dataset('a'), '{"was": "one"}') || scene.store('several',
    dataset('a') || dataset('b'), '{"consistency": "single", "was": "many", "schema": "many"}'), :'desk2', true);
\x
SELECT scene.store('single', dataset('a'), '{"was": "one", "schema": "one"}') || scene.store('several',
    dataset('a') || dataset('b'), '{"consistency": "single", "was": "many", "schema": "many"}') AS renamed \gset
SELECT load(:'renamed', :'desk2', true);
TABLE streams;
SELECT kind, name FROM datasurface.model_version_part WHERE version = 2 ORDER BY 1, 2;
SELECT store_id, name, in_model FROM datasurface.store ORDER BY 1;
SELECT workspace_id, name, in_model FROM datasurface.workspace ORDER BY 1;
-- batches go on at once, and the open one is the one that it was
SELECT push('single', 'one.a_staging', 3), datasurface.ds_start_batch('several#b', 'nightly');
INSERT INTO many.b_staging (id) VALUES (1);
SELECT datasurface.ds_ingest('several#b', 1), datasurface.ds_run('several#b', 'nightly');
SELECT push('one', 'one.a_staging', 3); -- fails
SELECT stream, batch, state FROM datasurface.batches ORDER BY 1, 2;
SELECT id, ds_surf_batch_in FROM one.a_as_of(1) ORDER BY 1;
-- tables stay, but for their comments; the view stays
SELECT object, action, statement FROM datasurface.ds_reconcile_schema();
SELECT count(*) FROM desk.a;
TABLE columns;
-- the same document again says nothing; nor does a part of it, or one without the former names
SELECT load(:'renamed', :'desk2', true);
SELECT load(scene.store('single', dataset('a'), '{"was": "one", "schema": "one"}'));
SELECT load(scene.store('single', dataset('a'), '{"schema": "one"}'));
SELECT push('single', 'one.a_staging', 4);

-- with replace => false, the part of the old name leaves too. A change of consistency and a name at once: numbers go on
SELECT load(scene.store('whole', dataset('a') || dataset('b'), '{"was": "several", "schema": "many"}'));
SELECT kind, name FROM datasurface.model_version_part
    WHERE version = (SELECT max(version) FROM datasurface.model_version) ORDER BY 1, 2;
TABLE streams;
SELECT push('whole', 'many.a_staging', 3);
SELECT load(scene.store('parts', dataset('a') || dataset('b'),
    '{"was": "whole", "schema": "many", "consistency": "single"}'));
TABLE streams;
SELECT push('parts#a', 'many.a_staging', 3);

\set parts '{"schema": "many", "consistency": "single"}'
-- a dataset that has no tables yet, and its columns: the stream is renamed too
SELECT load(scene.store('parts', dataset('a') || dataset('b') || dataset('c', 'id, v, w'), :'parts'));
SELECT load(scene.store('parts', dataset('a') || dataset('b') || dataset('cc', 'id, x was w, v', 'c'), :'parts'));
SELECT load(scene.store('parts', dataset('a') || dataset('b') || dataset('cc', 'id, y was x, v, w', 'c'), :'parts'));
TABLE streams;
TABLE columns;
SELECT dataset('cc', 'id, y, v, w') AS cc \gset
-- what has tables: two loads with one reconcile keep the values. Batches wait for the reconcile
SELECT load(scene.store('parts', dataset('aa', 'id, x was v', 'a') || dataset('b') || :'cc', :'parts'));
SELECT load(scene.store('parts', dataset('a2', 'id, y was x', 'aa') || dataset('b') || :'cc', :'parts'));
SELECT datasurface.ds_start_batch('parts#a2'); -- fails
SELECT pointer, code FROM faults(scene.store('parts', dataset('a2', 'id, y') || dataset('a')
    || dataset('b') || :'cc', :'parts'));
SELECT object, action, statement FROM datasurface.ds_reconcile_schema('parts') WHERE statement ~ 'RENAME';
SELECT object, error FROM datasurface.ds_reconcile_schema('parts');
SELECT id, y, ds_surf_batch_in FROM many.a2 ORDER BY 1;
SELECT push('parts#a2', 'many.a2_staging', 2, 'y');
SELECT id, y, ds_surf_batch_in FROM many.a2 ORDER BY 1;
SELECT id, y, ds_surf_batch_in FROM many.a2_as_of(3) ORDER BY 1;
TABLE streams;
TABLE columns;
SELECT load(scene.store('parts', dataset('a', 'id, v was y', 'a2') || dataset('b') || :'cc', :'parts'));
SELECT count(*) FROM datasurface.ds_reconcile_schema('parts') WHERE action = 'failed';

-- what "was" may not say
SELECT pointer, code, message FROM faults(scene.store('parts', dataset('a', 'id was id, v')
    || dataset('b', 'id, x was v, y was v') || dataset('cc', 'id was y, y was id'),
    '{"schema": "many", "consistency": "single", "was": "parts"}'));
\x
SELECT * FROM faults(scene.store('parts', dataset('d', was => 'e') || dataset('b', 'id, x was y, v'), :'parts'));
\x
SELECT pointer, code, message FROM faults(scene.store('p', dataset('a'), '{"was": "parts", "schema": "p"}')
    || scene.store('q', dataset('a'), '{"was": "parts"}')
    || scene.store('parts', dataset('a')) || scene.store('r', dataset('a'), '{"was": "nobody"}'));
-- a name that has left the model is not free, and what has left comes back under its own name first
SELECT load(scene.store('parts', dataset('a') || dataset('b'), :'parts'));
SELECT pointer, code, message, hint FROM faults(scene.store('parts',
    dataset('a') || dataset('cc', was => 'b'), :'parts'));
SELECT pointer, code, message, hint FROM faults(scene.store('parts',
    dataset('a') || dataset('b') || dataset('ccc', was => 'cc'), :'parts'));
SELECT load(scene.store('parts', dataset('a') || dataset('b') || dataset('cc', 'id, y was x, v, w', 'c'), :'parts'));
SELECT id, name, columns FROM columns WHERE name = 'cc';

SELECT scene.workspace('chair', '{}', '{"was": "table", "schema": "desk", "groups": []}') AS chair \gset
-- who refers to a former name and is not in the document would refer to whoever takes it later
SELECT pointer, code, message, hint FROM faults(scene.store('single', dataset('aa', was => 'a'), '{"schema": "one"}'));
SELECT pointer, code, message, hint FROM faults(scene.store('sole', dataset('a'), '{"was": "single", "schema": "one"}'));
SELECT load(scene.store('single', dataset('a'), '{"schema": "one", "consumers": [{"workspace": "table"}]}'));
SELECT pointer, code, message, hint FROM faults('[]', :'chair');
SELECT pointer, code, message, hint FROM faults(scene.store('single', dataset('a'),
    '{"schema": "one", "description": "new", "consumers": [{"workspace": "table"}]}'),
    :'chair');

-- who gives a store or workspace another name is a member of its owner
CREATE ROLE regress_labeller;
GRANT EXECUTE ON FUNCTION datasurface.ds_validate_model TO regress_labeller;
GRANT USAGE ON SCHEMA datasurface TO regress_labeller;
SET ROLE regress_labeller;
SELECT pointer, code FROM faults(scene.store('mine', dataset('a'), '{"was": "single", "schema": "one"}'),
    scene.workspace('my desk', '{}', '{"was": "table", "schema": "desk", "groups": []}'));
SELECT pointer, code FROM faults(scene.store('mine', dataset('a'),
    '{"was": "single", "schema": "one", "owner": "regress_labeller"}')) WHERE code <> 'was_referred_to';
RESET ROLE;

-- a database of an earlier version has no ids: a load or reconcile gives them
UPDATE datasurface.dataset SET last_column_id = 0, made_columns = NULL,
    definition = jsonb_set(definition, '{columns}', (SELECT jsonb_agg(c - 'id' ORDER BY n)
        FROM jsonb_array_elements(definition -> 'columns') WITH ORDINALITY x(c, n)));
SELECT load(scene.store('single', dataset('a', 'id, new, v'),
    '{"schema": "one", "consumers": [{"workspace": "table"}]}'));
SELECT count(*) FROM datasurface.ds_reconcile_schema('parts');
TABLE columns;

-- a document with former names in a database where they never were
SELECT count(*) FROM load('[]', replace => true);
SELECT load(scene.store('fresh', dataset('new', 'id, v was u', 'old')));
SELECT id, name, columns FROM columns WHERE store = 'fresh';

-- defaults are read by PostgreSQL, as a value of the type
SELECT pointer, code, message, hint FROM faults(scene.store('fresh', dataset('new') || scene.dataset('t',
    more => jsonb_build_object('columns', '[{"name": "id", "type": "integer"},
    {"name": "a", "type": "integer", "nullable": false, "default": "many"},
    {"name": "b", "type": "varchar(2)", "nullable": false, "default": "abc"},
    {"name": "c", "type": "numeric(3,1)", "nullable": false, "default": 1000},
    {"name": "d", "type": "boolean", "nullable": false, "default": true},
    {"name": "e", "type": "text", "nullable": false, "default": ""},
    {"name": "f", "type": "numeric(3,1)", "nullable": false, "default": 1.5},
    {"name": "g", "type": "date", "default": "2020-01-01"}]'::jsonb))));

\c :regress_database
DROP DATABASE names_are_labels;
DROP ROLE regress_labeller;
