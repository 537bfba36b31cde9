-- A session keeps the rules of the datasets that it runs. A model whose only change is a threshold, of the dataset, its store
-- or the whole document, is asked by the next run in the same session; one whose load was rolled back is not.
\set SHOW_CONTEXT never
CREATE SCHEMA thresholds_source;
CREATE TABLE thresholds_source.t (id integer);
INSERT INTO thresholds_source.t SELECT generate_series(1, 10);
CREATE FUNCTION pg_temp.at_most(percent integer) RETURNS jsonb LANGUAGE sql AS $$
    SELECT CASE WHEN percent IS NULL THEN '{}' ELSE
        jsonb_build_object('brakes', jsonb_build_object('deletes', jsonb_build_object('percent', percent))) END
$$;
-- Loads a model that differs in thresholds only, and runs.
CREATE FUNCTION pg_temp.run(dataset integer DEFAULT NULL, store integer DEFAULT NULL, document integer DEFAULT NULL)
    RETURNS TABLE (answer text, held_because text) LANGUAGE plpgsql AS $$
BEGIN
    PERFORM datasurface.ds_load_model((scene.model(scene.store('thresholds', scene.dataset('t',
        query => 'TABLE thresholds_source.t', more => pg_temp.at_most(run.dataset)), pg_temp.at_most(run.store)))::jsonb
        || pg_temp.at_most(document))::text, replace => false);
    IF EXISTS (SELECT FROM datasurface.ds_reconcile_schema('thresholds') WHERE action <> 'unchanged') THEN
        RAISE NOTICE 'tables were made';
    END IF;
    answer := datasurface.ds_run('thresholds');
    held_because := (SELECT b.held_because FROM datasurface.batches b WHERE b.stream = 'thresholds'
        ORDER BY batch DESC LIMIT 1);
    RETURN NEXT;
END $$;
SELECT * FROM pg_temp.run();

DELETE FROM thresholds_source.t WHERE id > 5;
SELECT * FROM pg_temp.run(dataset => 20);
SELECT * FROM pg_temp.run(dataset => 30);
SELECT * FROM pg_temp.run(store => 35);
SELECT * FROM pg_temp.run(document => 40);
-- what was kept of a model that was rolled back is not asked
BEGIN;
SELECT * FROM pg_temp.run(dataset => 50);
ROLLBACK;
SELECT datasurface.ds_run('thresholds');
SELECT * FROM pg_temp.run(dataset => 50);
-- as narrow as before
DELETE FROM thresholds_source.t WHERE id > 3;
SELECT * FROM pg_temp.run(dataset => 20);
SELECT batch, state, inserted, deleted FROM datasurface.batches WHERE stream = 'thresholds' ORDER BY batch;
