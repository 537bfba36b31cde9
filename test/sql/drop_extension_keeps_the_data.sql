-- DROP EXTENSION leaves the data behind, with the as-of function and the views; a new installation does not take them
-- for its own. In a database of its own, because it drops the extension.
SELECT current_database() AS regress_database \gset
CREATE DATABASE drop_extension_scene;
\c drop_extension_scene
CREATE EXTENSION datasurface;
SELECT version FROM datasurface.ds_load_model(scene.model(
    scene.store('shop', scene.dataset('orders', 'id integer, v text', milestoned => true)),
        scene.workspace('desk', '{shop.orders}')));
SELECT action, count(*) FROM datasurface.ds_reconcile_schema() GROUP BY 1 ORDER BY 1;
SELECT datasurface.ds_start_batch('shop');
INSERT INTO shop.orders_staging (id, v) VALUES (1, 'a'), (2, 'b');
SELECT datasurface.ds_ingest('shop', 1, 2), datasurface.ds_run('shop');
DROP EXTENSION datasurface;
SELECT count(*) AS left_over FROM pg_namespace WHERE nspname = 'datasurface';
TABLE desk.orders;
SELECT * FROM shop.orders_as_of(1) ORDER BY id;
-- a new installation knows nothing of them, and does not take them for its own
CREATE EXTENSION datasurface;
SELECT pointer, code FROM datasurface.ds_validate_model(scene.model(scene.store('shop', scene.dataset('orders'))));

\c :regress_database
DROP DATABASE drop_extension_scene;
