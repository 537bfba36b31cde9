-- A run without a run id that finds nothing changed records no batch and takes no number: it sets checked_at of its stream and
-- counts. Every batch that somebody may ask for is recorded.
CREATE SCHEMA unchanged_source;
CREATE TABLE unchanged_source.t (id integer, v text);
CALL scene.make(scene.store('unchanged', scene.dataset('t', 'id integer, v text', 'SELECT * FROM unchanged_source.t')));
CREATE VIEW pg_temp.batches AS
    SELECT batch, b.state, staged, inserted, updated, deleted, unchanged, changed, run_ids
    FROM datasurface.batches b JOIN datasurface.stream t ON t.name = b.stream
        JOIN datasurface.batch x ON x.stream_id = t.stream_id AND x.batch_id = b.batch
    WHERE b.stream = 'unchanged' ORDER BY batch;
CREATE TABLE pg_temp.seen (checked_at timestamptz, batches bigint, rows bigint);
-- what a run wrote
CREATE FUNCTION pg_temp.run(run_id text DEFAULT NULL)
RETURNS TABLE (answer text, last_batch integer, checks_without_batch bigint, checked_later boolean, new_batches bigint,
    new_dataset_rows bigint) LANGUAGE plpgsql AS $$
DECLARE
    before pg_temp.seen;
    dataset_rows bigint;
BEGIN
    SELECT s.checked_at, (SELECT count(*) FROM datasurface.batch), (SELECT count(*) FROM datasurface.batch_dataset)
        INTO before FROM datasurface.streams s WHERE stream = 'unchanged';
    answer := datasurface.ds_run('unchanged', run_id);
    SELECT s.last_batch, s.checks_without_batch, s.checked_at > before.checked_at,
        (SELECT count(*) FROM datasurface.batch) - before.batches,
        (SELECT count(*) FROM datasurface.batch_dataset) - before.rows
        INTO last_batch, checks_without_batch, checked_later, new_batches, new_dataset_rows
        FROM datasurface.streams s WHERE stream = 'unchanged';
    RETURN NEXT;
END $$;

-- the first batch of a stream is recorded, so that there is one to ask for
SELECT * FROM pg_temp.run();
SELECT datasurface.ds_require('unchanged');
SELECT * FROM pg_temp.run();
SELECT * FROM pg_temp.run();
SELECT datasurface.ds_require('unchanged');

-- no number is skipped
INSERT INTO unchanged_source.t VALUES (1, 'one'), (2, 'two');
SELECT * FROM pg_temp.run();
SELECT * FROM pg_temp.run();
CALL datasurface.ds_run_to_end('unchanged');
SELECT last_batch, checks_without_batch FROM datasurface.streams WHERE stream = 'unchanged';
SELECT ds_surf_batch_in, id, v FROM unchanged.t ORDER BY id;

-- a run with an id has its batch
SELECT * FROM pg_temp.run('monday');
SELECT datasurface.ds_require('unchanged', 'monday');
CALL datasurface.ds_run_to_end('unchanged', 'tuesday');
SELECT datasurface.ds_require('unchanged', 'tuesday');
TABLE pg_temp.batches;

-- a failure has its batch, and that batch stays when the next run finds nothing changed
INSERT INTO unchanged_source.t VALUES (2, 'twice');
SELECT * FROM pg_temp.run();
SELECT * FROM pg_temp.run();
DELETE FROM unchanged_source.t WHERE v = 'twice';
SELECT * FROM pg_temp.run();
SELECT datasurface.ds_start_batch('unchanged');
SELECT * FROM pg_temp.run();
TABLE pg_temp.batches;

-- as of a time: the check counts as one, and the answer is the last batch that changed something
SELECT datasurface.ds_batch_at('unchanged', checked_at) FROM datasurface.streams WHERE stream = 'unchanged';
SELECT * FROM pg_temp.run();
SELECT datasurface.ds_batch_at('unchanged', checked_at) FROM datasurface.streams WHERE stream = 'unchanged';

-- what a transaction rolls back was not checked
BEGIN;
SELECT * FROM pg_temp.run();
ROLLBACK;
SELECT checks_without_batch FROM datasurface.streams WHERE stream = 'unchanged';

-- a stream of many datasets: one that has changed is enough
CALL scene.make(scene.store('unchanged', scene.dataset('t', 'id integer, v text', 'SELECT * FROM unchanged_source.t')
    || scene.dataset('u', 'id integer, v text', 'SELECT * FROM unchanged_source.t')));
SELECT * FROM pg_temp.run();
SELECT * FROM pg_temp.run();
SELECT dataset, inserted, unchanged FROM datasurface.batch_datasets d JOIN datasurface.streams s USING (stream)
    WHERE stream = 'unchanged' AND d.batch = s.last_batch ORDER BY dataset;
DROP SCHEMA unchanged, unchanged_source CASCADE;
