-- A milestoned dataset that becomes live keeps its history as a plain table; milestoned again it has a new beginning.
-- As-of a batch before that is an error, never a wrong answer.
CREATE SCHEMA again_source;
CREATE TABLE again_source.t AS SELECT i AS id, 'one' AS v FROM generate_series(1, 3) i;
CREATE PROCEDURE pg_temp.make(milestoned boolean) LANGUAGE plpgsql AS $$
BEGIN
    PERFORM datasurface.ds_load_model(scene.model(
        scene.store('again', scene.dataset('t', 'id integer, v text', 'TABLE again_source.t',
            milestoned => milestoned)),
        scene.workspace('again_desk', '{again.t}')), replace => false);
    PERFORM datasurface.ds_reconcile_schema('again', allow => '{lossy}');
END $$;
CREATE FUNCTION pg_temp.batch(v text, gone integer) RETURNS text LANGUAGE plpgsql AS $$
BEGIN
    UPDATE again_source.t SET v = batch.v;
    DELETE FROM again_source.t WHERE id = gone;
    RETURN datasurface.ds_run('again', v);
END $$;
CALL pg_temp.make(true);
SELECT pg_temp.batch('one', 0), pg_temp.batch('two', 1);
CALL pg_temp.make(false);
SELECT to_regprocedure('again.t_as_of(integer)') AS as_of, to_regclass('again_desk.t_full') AS full_view,
    count(*) AS history FROM again.t_history;
SELECT pg_temp.batch('three', 2);
CALL pg_temp.make(true);
SELECT b, scene.refused(format('SELECT * FROM again.t_as_of(%s)', b)) FROM generate_series(1, 2) b;
SELECT * FROM again.t_as_of(3);
SELECT pg_temp.batch('four', 0);
SELECT b, t.* FROM generate_series(3, 4) b, again.t_as_of(b) t;
SELECT engine, inserted, updated, deleted, unchanged FROM datasurface.batch_datasets
    WHERE stream = 'again' AND batch = 4;
SELECT id, v, ds_surf_batch_in, ds_surf_batch_out FROM again_desk.t_full ORDER BY ds_surf_batch_in, id;
