-- A live dataset follows its source: the acceptance cases of a snapshot, with exact counts, and with no write of a row
-- that did not change. ds_surf_batch_in says which batch wrote a row last.
CREATE SCHEMA live_source;
CREATE TABLE live_source.people (id varchar(20), first_name text, last_name text, dob date, employer text, dod date);
SELECT version > 0 AS loaded FROM datasurface.ds_load_model(scene.model(scene.store('live', scene.dataset('people',
    'id varchar(20), first_name text, last_name text, dob date, employer text, dod date',
    'SELECT * FROM live_source.people'))),
    replace => false);
SELECT object, action FROM datasurface.ds_reconcile_schema('live');
CREATE VIEW pg_temp.counts AS
    SELECT batch, state, staged, inserted, updated, deleted, unchanged FROM datasurface.batch_datasets
        WHERE stream = 'live';
CREATE VIEW pg_temp.merged AS SELECT ds_surf_batch_in AS stamp, ds_surf_batch_out AS open, id, first_name, employer
    FROM live.people;

-- a batch that is only started
SELECT datasurface.ds_start_batch('live');
TABLE pg_temp.counts;
SELECT stream, open_batch, open_state, committed_batch, last_batch FROM datasurface.streams WHERE stream = 'live';

-- batch 1: an empty source
SELECT datasurface.ds_run('live', 'run 1');
TABLE pg_temp.counts;
SELECT stream, open_batch, open_state, committed_batch, last_batch FROM datasurface.streams WHERE stream = 'live';
SELECT * FROM pg_temp.merged ORDER BY id;

-- batch 2: five people
INSERT INTO live_source.people VALUES ('1', 'John', 'A', '1980-01-01', NULL, NULL),
    ('2', 'Jane', 'B', '1981-01-01', NULL, NULL),
    ('3', 'Bob', 'C', '1982-01-01', NULL, NULL), ('4', 'Alice', 'D', '1983-01-01', NULL, NULL),
        ('5', 'Charlie', 'E', '1984-01-01', NULL, NULL);
SELECT datasurface.ds_run('live', 'run 2');
SELECT * FROM pg_temp.counts WHERE batch = 2;
SELECT * FROM pg_temp.merged ORDER BY id;

-- batch 3: one changes, one vanishes
UPDATE live_source.people SET first_name = 'Johnny', employer = 'X' WHERE id = '1';
DELETE FROM live_source.people WHERE id = '3';
SELECT datasurface.ds_run('live', 'run 3');
SELECT * FROM pg_temp.counts WHERE batch = 3;
SELECT * FROM pg_temp.merged ORDER BY id;

-- batch 4: who vanished is back, with the same values
INSERT INTO live_source.people VALUES ('3', 'Bob', 'C', '1982-01-01', NULL, NULL);
SELECT datasurface.ds_run('live', 'run 4');
SELECT * FROM pg_temp.counts WHERE batch = 4;
SELECT * FROM pg_temp.merged ORDER BY id;

-- batch 5: nothing changed, and no row of the merge table was written
CREATE TEMP TABLE before AS SELECT ctid AS place, xmin::text AS writer, id FROM live.people;
SELECT datasurface.ds_run('live', 'run 5');
SELECT * FROM pg_temp.counts WHERE batch = 5;
SELECT count(*) AS rows_written FROM live.people p
WHERE NOT EXISTS (SELECT FROM before b WHERE b.place = p.ctid AND b.writer = p.xmin::text AND b.id = p.id);
SELECT count(*) AS left_in_staging FROM live.people_staging;
SELECT count(*) AS schema_steps FROM datasurface.ds_reconcile_schema('live');

-- batch 6: values that a careless comparison takes for equal
TRUNCATE live_source.people;
INSERT INTO live_source.people VALUES ('1', 'ab', 'c'), ('2', NULL, 'x'), ('3', 'k', NULL), ('4', 'same', 'same');
SELECT datasurface.ds_run('live', 'run 6');
TRUNCATE live_source.people;
INSERT INTO live_source.people VALUES ('1', 'a', 'bc'), ('2', '', 'x'), ('3', NULL, 'k'), ('4', 'same', 'same');
SELECT datasurface.ds_run('live', 'run 7');
SELECT * FROM pg_temp.counts WHERE batch IN (6, 7) ORDER BY batch;
-- all but the unchanged row were written by batch 7
SELECT * FROM live.people EXCEPT ALL SELECT 7, 2147483647, p.* FROM live_source.people p;

-- batch 8: an emptied source deletes everything
TRUNCATE live_source.people;
SELECT datasurface.ds_run('live', 'run 8');
SELECT * FROM pg_temp.counts WHERE batch = 8;
SELECT count(*) AS rows FROM live.people;
SELECT batch, state, staged, inserted, updated, deleted, unchanged FROM datasurface.batches
    WHERE stream = 'live' ORDER BY batch;
