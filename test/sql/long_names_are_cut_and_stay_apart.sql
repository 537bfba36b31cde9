-- Names that do not fit PostgreSQL's 63 bytes are cut at a character, get a digest and keep their ending; the same name
-- is cut alike for ever, and no two objects share one: a hundred sinks with 59 bytes in common are a hundred views.
SELECT scene.list(scene.dataset(n, milestoned => true)) AS datasets
    FROM (VALUES ('short'), (repeat('a', 63)), (repeat('a', 64)),
    (repeat('a', 56)), (repeat('Ж', 40)), (repeat('x', 54)), (repeat('x', 55))) v(n) \gset
SELECT version > 0 AS loaded FROM datasurface.ds_load_model(scene.model(scene.store('names_store', :'datasets'),
    scene.workspace('names_desk', (SELECT array_agg('names_store.short as ' || repeat('p', 59) || '_consumer_' || i)
        FROM generate_series(1, 100) i))), replace => false);
SELECT action, count(*) FROM datasurface.ds_reconcile_schema('names_store') GROUP BY 1 ORDER BY 1;
SELECT * FROM datasurface.ds_reconcile_schema('names_store');
SELECT kind, relation.name, octet_length(relation.name)
    FROM datasurface.relation JOIN datasurface.dataset USING (dataset_id)
WHERE schema_name = 'names_store' AND kind <> 'index' ORDER BY dataset.name COLLATE "C", kind COLLATE "C";
SELECT count(*) AS objects, count(DISTINCT name) AS names FROM datasurface.relation WHERE schema_name = 'names_store';
-- the ending can still be read
SELECT count(*) AS views, count(DISTINCT viewname) AS names,
    count(*) FILTER (WHERE viewname ~ '^p+_[0-9a-f]{8}_full$') AS full_views,
       count(*) FILTER (WHERE viewname ~ '^p+_c?o?n?s?[0-9a-f_]+$') AS live_views,
           max(octet_length(viewname)) AS longest
FROM pg_views WHERE schemaname = 'names_desk';
-- each shows its own: all of the same dataset here, so each has its row
SELECT datasurface.ds_start_batch('names_store');
INSERT INTO names_store.short_staging (id) VALUES (1);
SELECT datasurface.ds_ingest('names_store', 1, 1), datasurface.ds_run('names_store');
SELECT count(*) AS views_with_the_row FROM pg_views v,
    LATERAL query_to_xml(format('SELECT FROM names_desk.%I WHERE id = 1', viewname), false, false, '') x
WHERE schemaname = 'names_desk' AND x::text LIKE '%row%';

-- two claims to one name are an error of the model: a dataset called like another one's history, a sink like another's
-- full view
SELECT pointer, code, message FROM datasurface.ds_validate_model(scene.model(
    scene.store('names_clash', scene.dataset('t', milestoned => true) || scene.dataset('t_history')
        || scene.dataset('t_pkey'))
    || scene.store('names_clash_2', scene.dataset('t'), '{"schema": "names_clash"}'),
    scene.workspace('names_clash_w', '{names_clash.t as t_staging,names_clash.t as v,names_clash.t as v_full}',
        '{"schema": "names_clash"}')), replace => false)
ORDER BY pointer COLLATE "C", message COLLATE "C";
-- names are told apart by case, as PostgreSQL does with quotes
SELECT count(*) AS problems FROM datasurface.ds_validate_model(
    scene.model(scene.store('names_case', scene.dataset('t', 'id integer, ID integer') || scene.dataset('T'))), replace => false);
