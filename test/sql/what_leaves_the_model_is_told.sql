-- A store, a dataset or a workspace that a document leaves out leaves the model: nothing is dropped, and nothing fails later, so
-- validation and load say so. In a database of its own.
\set SHOW_CONTEXT never
SELECT current_database() AS regress_database \gset
CREATE DATABASE what_leaves_the_model;
\c what_leaves_the_model
CREATE EXTENSION datasurface;
CREATE FUNCTION dataset(name text) RETURNS text LANGUAGE sql AS $$
    SELECT format('{"name": "%s", "description": "d", "primary_key": ["id"], "ingestion": {"kind": "push"}, "columns": [{"name": "id", "type": "int"}]}', name)
$$;
CREATE FUNCTION store(name text, VARIADIC datasets text[]) RETURNS text LANGUAGE sql AS $$
    SELECT format('{"name": "%s", "description": "d", "datasets": [%s]}', name, (SELECT string_agg(dataset(d), ',') FROM unnest(datasets) d))
$$;
CREATE FUNCTION model(stores text, workspaces text DEFAULT '') RETURNS text LANGUAGE sql AS $$
    SELECT format('{"stores": [%s], "workspaces": [%s]}', stores, workspaces)
$$;
\set desk '{"name": "desk", "description": "d", "groups": [{"name": "g", "sinks": [{"store": "p", "dataset": "a"}]}]}'
SELECT * FROM datasurface.ds_load_model(model(store('p', 'a', 'b') || ',' || store('q', 'c'), :'desk'));

-- a dataset renamed, a store and a workspace left out
SELECT * FROM datasurface.ds_validate_model(model(store('p', 'a', 'bb')));
SELECT * FROM datasurface.ds_validate_model(model(store('p', 'a', 'bb')), replace => false);
SELECT * FROM datasurface.ds_load_model(model(store('p', 'a', 'bb')));
-- once is enough
SELECT * FROM datasurface.ds_load_model(model(store('p', 'a', 'bb')));
-- who names a store that has left the model, and when nothing is left in it
\set VERBOSITY default
SELECT datasurface.ds_reconcile_schema('q'); -- fails
SELECT datasurface.ds_reconcile_schema('r'); -- fails
SELECT datasurface.ds_reconcile_schema('q#x'); -- fails
SELECT datasurface.ds_reconcile_schema('p#a'); -- fails: a store is reconciled as a whole
SELECT count(*) FROM datasurface.ds_load_model('{"stores": []}');
SELECT datasurface.ds_reconcile_schema('q'); -- fails
SELECT count(*) FROM datasurface.ds_load_model(model(store('p', 'a', 'bb')));
-- who runs what has left the model: a store, one whose datasets are streams of their own, a dataset of such a store
CREATE FUNCTION single(name text, VARIADIC datasets text[]) RETURNS text LANGUAGE sql AS $$
    SELECT replace(store(name, VARIADIC datasets), '"datasets"', '"consistency": "single", "datasets"')
$$;
SELECT datasurface.ds_run('q'); -- fails
SELECT count(*) FROM datasurface.ds_load_model(model(store('p', 'a', 'bb') || ',' || single('sg', 'a', 'b')));
SELECT count(*) FROM datasurface.ds_load_model(model(store('p', 'a', 'bb') || ',' || single('sg', 'a')));
SELECT datasurface.ds_run('sg#b'); -- fails
SELECT datasurface.ds_run('sg#c'); -- fails
SELECT datasurface.ds_reconcile_schema('sg#b'); -- fails
SELECT datasurface.ds_reconcile_schema('sg#c'); -- fails
SELECT datasurface.ds_run('sg#A'); -- fails
SELECT count(*) FROM datasurface.ds_load_model('{"stores": [{"name": "sg", "description": "d", "consistency": "single", "datasets": []}]}');
SELECT datasurface.ds_run('sg'); -- fails
SELECT datasurface.ds_run('sg#b'); -- fails
SELECT count(*) FROM datasurface.ds_load_model(model(store('p', 'a', 'bb')));
SELECT datasurface.ds_run('sg'); -- fails
SELECT datasurface.ds_run('sg#b'); -- fails
SELECT datasurface.ds_reconcile_schema('sg#b'); -- fails
-- a long list is cut
SELECT count(*) FROM datasurface.ds_load_model(model(single('sg', VARIADIC (SELECT array_agg('d' || i) FROM generate_series(10, 21) i))));
SELECT datasurface.ds_run('sg'); -- fails
SELECT count(*) FROM datasurface.ds_load_model('{"stores": []}');
SELECT datasurface.ds_run('sg'); -- fails
SELECT count(*) FROM datasurface.ds_load_model(model(store('p', 'a', 'bb')));
-- a list of datasets that cannot be read may have any
SELECT code FROM datasurface.ds_validate_model('{"stores": [{"name": "p", "description": "d", "datasets": 5}]}');

\c :regress_database
DROP DATABASE what_leaves_the_model;
