-- Names that do not fit PostgreSQL's 63 bytes are cut at a character, get a digest and keep their ending; the same name is
-- cut alike for ever, and no two objects share one: a hundred sinks with 59 bytes in common are a hundred views.
SELECT version > 0 AS loaded FROM datasurface.ds_load_model(json_build_object(
    'stores', json_build_array(json_build_object('name', 'names_store', 'description', 'd', 'datasets', (
        SELECT json_agg(json_build_object('name', n, 'description', 'd', 'milestoning', 'milestoned', 'primary_key', json_build_array('id'),
            'ingestion', json_build_object('kind', 'push'), 'columns', json_build_array(json_build_object('name', 'id', 'type', 'integer'))))
        FROM (VALUES ('short'), (repeat('a', 63)), (repeat('a', 64)), (repeat('a', 56)), (repeat('Ж', 40)), (repeat('x', 54)), (repeat('x', 55))) v(n)))),
    'workspaces', json_build_array(json_build_object('name', 'names_desk', 'description', 'd', 'groups', json_build_array(json_build_object('name', 'g', 'sinks', (
        SELECT json_agg(json_build_object('store', 'names_store', 'dataset', 'short', 'name', repeat('p', 59) || '_consumer_' || i)) FROM generate_series(1, 100) i))))))::text,
    replace => false);
SELECT action, count(*) FROM datasurface.ds_reconcile_schema('names_store') GROUP BY 1 ORDER BY 1;
SELECT * FROM datasurface.ds_reconcile_schema('names_store');
SELECT kind, relation.name, octet_length(relation.name) FROM datasurface.relation JOIN datasurface.dataset USING (dataset_id)
WHERE schema_name = 'names_store' AND kind <> 'index' ORDER BY dataset.name COLLATE "C", kind COLLATE "C";
SELECT count(*) AS objects, count(DISTINCT name) AS names FROM datasurface.relation WHERE schema_name = 'names_store';
-- the ending can still be read
SELECT count(*) AS views, count(DISTINCT viewname) AS names, count(*) FILTER (WHERE viewname ~ '^p+_[0-9a-f]{8}_full$') AS full_views,
       count(*) FILTER (WHERE viewname ~ '^p+_c?o?n?s?[0-9a-f_]+$') AS live_views, max(octet_length(viewname)) AS longest
FROM pg_views WHERE schemaname = 'names_desk';
-- each shows its own: all of the same dataset here, so each has its row
SELECT datasurface.ds_start_batch('names_store');
INSERT INTO names_store.short_staging (id) VALUES (1);
SELECT datasurface.ds_ingest('names_store', 1, 1), datasurface.ds_run('names_store');
SELECT count(*) AS views_with_the_row FROM pg_views v,
    LATERAL query_to_xml(format('SELECT FROM names_desk.%I WHERE id = 1', viewname), false, false, '') x
WHERE schemaname = 'names_desk' AND x::text LIKE '%row%';

-- two claims to one name are an error of the model: a dataset called like another one's history, a sink like another's full view
SELECT pointer, code, message FROM datasurface.ds_validate_model($${"stores": [{"name": "names_clash", "description": "d", "datasets": [
    {"name": "t", "description": "d", "milestoning": "milestoned", "primary_key": ["id"], "ingestion": {"kind": "push"}, "columns": [{"name": "id", "type": "integer"}]},
    {"name": "t_history", "description": "d", "primary_key": ["id"], "ingestion": {"kind": "push"}, "columns": [{"name": "id", "type": "integer"}]},
    {"name": "t_pkey", "description": "d", "primary_key": ["id"], "ingestion": {"kind": "push"}, "columns": [{"name": "id", "type": "integer"}]}]},
    {"name": "names_clash_2", "schema": "names_clash", "description": "d", "datasets": [
    {"name": "t", "description": "d", "primary_key": ["id"], "ingestion": {"kind": "push"}, "columns": [{"name": "id", "type": "integer"}]}]}],
  "workspaces": [{"name": "names_clash_w", "description": "d", "schema": "names_clash", "groups": [{"name": "g", "sinks": [
    {"store": "names_clash", "dataset": "t", "name": "t_staging"}, {"store": "names_clash", "dataset": "t", "name": "v"}, {"store": "names_clash", "dataset": "t", "name": "v_full"}]}]}]}$$)
ORDER BY pointer COLLATE "C", message COLLATE "C";
-- names are told apart by case, as PostgreSQL does with quotes
SELECT count(*) AS problems FROM datasurface.ds_validate_model($${"stores": [{"name": "names_case", "description": "d", "datasets": [
    {"name": "t", "description": "d", "primary_key": ["id"], "ingestion": {"kind": "push"}, "columns": [{"name": "id", "type": "integer"}, {"name": "ID", "type": "integer"}]},
    {"name": "T", "description": "d", "primary_key": ["id"], "ingestion": {"kind": "push"}, "columns": [{"name": "id", "type": "integer"}]}]}]}$$);
