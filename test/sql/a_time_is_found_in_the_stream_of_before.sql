-- ds_batch_at after a change of consistency: a dataset that has a stream of its own now is asked for the times of the
-- store's; the store has no one batch for times when each dataset had its own.
\set SHOW_CONTEXT never
CREATE SCHEMA found_source;
CREATE TABLE found_source.t (id integer, v text);
CREATE FUNCTION pg_temp.load(consistency text) RETURNS bigint LANGUAGE sql AS $$
    SELECT count(*) FROM datasurface.ds_load_model(scene.model(scene.store('found', (
        SELECT scene.list(scene.dataset(name, 'id integer, v text', 'TABLE found_source.t', milestoned => true))
        FROM unnest('{t,u}'::text[]) name), jsonb_build_object('consistency', consistency))), replace => false)
$$;
CREATE TABLE pg_temp.times (n integer PRIMARY KEY, at timestamptz);
CREATE FUNCTION pg_temp.batch(n integer, stream text) RETURNS text LANGUAGE plpgsql AS $$
DECLARE answer text;
BEGIN
    INSERT INTO found_source.t VALUES (n, 'v');
    answer := datasurface.ds_run(stream);
    INSERT INTO pg_temp.times SELECT n, s.checked_at FROM datasurface.streams s WHERE s.stream = $2;
    RETURN answer;
END $$;
CREATE FUNCTION pg_temp.at(stream text, up_to integer) RETURNS TABLE (n integer, batch integer) LANGUAGE sql AS $$
    SELECT t.n, datasurface.ds_batch_at(stream, t.at) FROM pg_temp.times t
    WHERE t.n <= up_to ORDER BY 1 $$;

SELECT pg_temp.load('multi') AS loaded, (SELECT count(*) > 0 FROM datasurface.ds_reconcile_schema('found')) AS made;
SELECT pg_temp.batch(1, 'found'), pg_temp.batch(2, 'found');
SELECT pg_temp.load('single') AS loaded;
-- before the first batch of its own, and after it
SELECT * FROM pg_temp.at('found#t', 2);
SELECT pg_temp.batch(3, 'found#t'), pg_temp.batch(4, 'found#t'), pg_temp.batch(5, 'found#u');
SELECT * FROM pg_temp.at('found#t', 4);
SELECT * FROM pg_temp.at('found#u', 5);
SELECT count(*) FROM found.t_as_of(datasurface.ds_batch_at('found#t', (SELECT at FROM pg_temp.times WHERE n = 2)));
SELECT datasurface.ds_batch_at('found#u', (SELECT at FROM pg_temp.times WHERE n = 1) - interval '1 day') AS before_all;

SELECT pg_temp.load('multi') AS loaded;
SELECT pg_temp.batch(6, 'found');
SELECT n, datasurface.ds_batch_at('found', at) FROM pg_temp.times WHERE n IN (1, 2, 6) ORDER BY n;
SELECT datasurface.ds_batch_at('found', at) FROM pg_temp.times WHERE n = 4; -- fails
\echo :SQLSTATE
-- each dataset knows all times
SELECT * FROM pg_temp.at('found#u', 6);
