-- A milestoned dataset keeps its closed versions: the acceptance cases of a snapshot with history. A version that batch
-- N ends is closed with N - 1, for both ends are inclusive; after every batch the invariants of history are asked for.
CREATE SCHEMA milestoned_source;
CREATE TABLE milestoned_source.people (id text, name text);
CALL scene.make(scene.store('milestoned',
    scene.dataset('people', 'id text, name text', 'SELECT id, name FROM milestoned_source.people', milestoned => true)
    || scene.dataset('moves', 'person integer, place integer', milestoned => true, key => 'person, place',
        query => 'SELECT person, place FROM (VALUES (1, 23), (12, 3)) v(person, place)')));
CREATE VIEW pg_temp.versions AS
    SELECT ds_surf_batch_in AS batch_in, nullif(ds_surf_batch_out, 2147483647) AS batch_out, id, name
    FROM (TABLE milestoned.people UNION ALL TABLE milestoned.people_history) v;
CREATE VIEW pg_temp.counts AS SELECT batch, inserted, updated, deleted, unchanged
    FROM datasurface.batch_datasets WHERE stream = 'milestoned' AND dataset = 'people';
-- what must never be: two versions of a key at one time, an open version that is not the newest, a version that ends
-- before it begins, a current row that is closed, a closed row that is open
CREATE VIEW pg_temp.broken AS
    SELECT a.* FROM pg_temp.versions a JOIN pg_temp.versions b
        ON a.id = b.id AND a.batch_in <= coalesce(b.batch_out, 2147483647)
            AND b.batch_in <= coalesce(a.batch_out, 2147483647)
           AND (a.batch_in, a.batch_out, a.name) IS DISTINCT FROM (b.batch_in, b.batch_out, b.name)
    UNION ALL SELECT a.* FROM pg_temp.versions a JOIN pg_temp.versions b ON a.id = b.id AND a.batch_out IS NULL
        AND b.batch_in > a.batch_in
    UNION ALL SELECT * FROM pg_temp.versions WHERE batch_in > batch_out
    UNION ALL SELECT * FROM milestoned.people WHERE ds_surf_batch_out <> 2147483647
    UNION ALL SELECT * FROM milestoned.people_history WHERE ds_surf_batch_out = 2147483647;

INSERT INTO milestoned_source.people VALUES ('id1', 'billy');
SELECT datasurface.ds_run('milestoned', 'run 1');
TABLE pg_temp.counts ORDER BY batch;
INSERT INTO milestoned_source.people VALUES ('id2', 'laura');
SELECT datasurface.ds_run('milestoned', 'run 2');
UPDATE milestoned_source.people SET name = 'william' WHERE id = 'id1';
SELECT datasurface.ds_run('milestoned', 'run 3');
SELECT * FROM pg_temp.versions ORDER BY id, batch_in;
TABLE pg_temp.broken;
DELETE FROM milestoned_source.people WHERE id = 'id1';
SELECT datasurface.ds_run('milestoned', 'run 4');
SELECT * FROM pg_temp.versions ORDER BY id, batch_in;
TABLE pg_temp.broken;
INSERT INTO milestoned_source.people VALUES ('id1', 'billy');
SELECT datasurface.ds_run('milestoned', 'run 5');
SELECT * FROM pg_temp.versions ORDER BY id, batch_in;
TABLE pg_temp.counts ORDER BY batch;
TABLE pg_temp.broken;

-- an unchanged batch writes neither table
CREATE TEMP TABLE before AS SELECT tableoid AS of_table, ctid AS place, xmin::text AS writer FROM milestoned.people
    UNION ALL SELECT tableoid, ctid, xmin::text FROM milestoned.people_history;
SELECT datasurface.ds_run('milestoned', 'run 6');
SELECT count(*) AS rows_written FROM (SELECT tableoid, ctid, xmin::text FROM milestoned.people
    UNION ALL SELECT tableoid, ctid, xmin::text FROM milestoned.people_history EXCEPT TABLE before) w;
SELECT * FROM pg_temp.counts WHERE batch = 6;

-- as of each batch
SELECT b AS batch, array_agg(name ORDER BY name) AS names
FROM generate_series(0, 7) b, milestoned.people_as_of(b) GROUP BY b ORDER BY b;
-- keys of two columns that look alike when run together: no version is ever closed
SELECT batch, inserted, updated, deleted, unchanged FROM datasurface.batch_datasets
WHERE stream = 'milestoned' AND dataset = 'moves' ORDER BY batch;
SELECT * FROM milestoned.moves ORDER BY person;
SELECT count(*) AS closed FROM milestoned.moves_history;

-- a person is created, moves, changes job and is deleted, other batches between: (10, 14) (15, 29) (30, 44), none open
CREATE FUNCTION pg_temp.unchanged_batches_up_to(last integer) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
    WHILE (SELECT last_batch FROM datasurface.streams WHERE stream = 'milestoned') < last LOOP
        IF datasurface.ds_run('milestoned', gen_random_uuid()::text) <> 'DONE' THEN RAISE 'not DONE'; END IF;
    END LOOP;
END $$;
SELECT pg_temp.unchanged_batches_up_to(9);
INSERT INTO milestoned_source.people VALUES ('id9', 'in Rome');
SELECT pg_temp.unchanged_batches_up_to(14);
UPDATE milestoned_source.people SET name = 'in Oslo' WHERE id = 'id9';
SELECT pg_temp.unchanged_batches_up_to(29);
UPDATE milestoned_source.people SET name = 'in Oslo, retired' WHERE id = 'id9';
SELECT pg_temp.unchanged_batches_up_to(44);
DELETE FROM milestoned_source.people WHERE id = 'id9';
SELECT pg_temp.unchanged_batches_up_to(46);
SELECT * FROM pg_temp.versions WHERE id = 'id9' ORDER BY batch_in;
TABLE pg_temp.broken;
SELECT * FROM pg_temp.counts WHERE inserted + updated + deleted > 0 ORDER BY batch;
