-- A pull compares its rows with the merge table as they arrive, and stages only those that may have changed. Whatever is odd is found
-- again by the staged way, in the same call, which reports it; the next pulls of the stream are staged at once.
\set SHOW_CONTEXT never
CREATE ROLE regress_arrive;
SET datasurface.trusted_owners = regress_arrive;
CREATE SCHEMA arrive_source;
GRANT USAGE, CREATE ON SCHEMA arrive_source TO regress_arrive;
CREATE TABLE arrive_source.t (id integer, v text);
INSERT INTO arrive_source.t SELECT n, 'row ' || n FROM generate_series(1, 1000) n;
CREATE TABLE arrive_source.two AS SELECT n AS id, 'row ' || n AS v FROM generate_series(1, 1000) n;
GRANT ALL ON ALL TABLES IN SCHEMA arrive_source TO regress_arrive;
CALL scene.make(scene.store('arrive', scene.dataset('t', 'id integer, v text', 'TABLE arrive_source.t', milestoned => true)
    || scene.dataset('two', 'id integer, v text', 'TABLE arrive_source.two'), '{"owner": "regress_arrive"}'));
CREATE VIEW pg_temp.newest AS SELECT batch, state, dataset, staged, inserted, updated, deleted, unchanged, way, way_reason, pulls_to_stage
    FROM datasurface.batch_datasets JOIN datasurface.stream ON name = stream WHERE stream = 'arrive'
    AND batch = (SELECT max(batch) FROM datasurface.batches WHERE stream = 'arrive') ORDER BY dataset;
SELECT datasurface.ds_run('arrive');
TABLE pg_temp.newest;
SELECT datasurface.ds_run('arrive');
SELECT last_batch, checks_without_batch FROM datasurface.streams WHERE stream = 'arrive';
UPDATE arrive_source.t SET v = 'new' WHERE id IN (1, 500);
DELETE FROM arrive_source.t WHERE id = 2;
INSERT INTO arrive_source.t VALUES (2000, NULL);
SELECT datasurface.ds_run('arrive');
TABLE pg_temp.newest;
SELECT count(*), count(*) FILTER (WHERE v = 'new'), max(id) FROM arrive.t;
SELECT count(*) AS left_in_staging FROM arrive.t_staging;

-- a key that comes twice is reported by the staged way; a few pulls after it are staged
INSERT INTO arrive_source.t VALUES (1, 'again');
SELECT datasurface.ds_run('arrive');
SELECT state, error_sqlstate, error_message FROM datasurface.batches WHERE stream = 'arrive' ORDER BY batch DESC LIMIT 1;
TABLE pg_temp.newest;
DELETE FROM arrive_source.t WHERE v = 'again';
SELECT datasurface.ds_run('arrive');
TABLE pg_temp.newest;
-- with a budget that is used up, that it was odd is kept before the rows are staged
UPDATE datasurface.stream SET pulls_to_stage = 0 WHERE name = 'arrive';
UPDATE arrive_source.t SET id = NULL WHERE id = 2000;
SELECT datasurface.ds_run('arrive', 'monday', budget => '0');
SELECT batch, state, pulls_to_stage FROM datasurface.batches JOIN datasurface.stream ON name = stream
    WHERE stream = 'arrive' ORDER BY batch DESC LIMIT 1;
SELECT datasurface.ds_run('arrive', 'monday', budget => '0');
SELECT state, error_sqlstate FROM datasurface.batches WHERE stream = 'arrive' ORDER BY batch DESC LIMIT 1;
DELETE FROM arrive_source.t WHERE id IS NULL;
SELECT datasurface.ds_run('arrive', 'monday');
TABLE pg_temp.newest;

-- what unchanged rows would not be asked
CREATE FUNCTION pg_temp.run() RETURNS text LANGUAGE plpgsql AS $$
DECLARE
    answer text;
BEGIN
    UPDATE datasurface.stream SET pulls_to_stage = 0 WHERE name = 'arrive';
    UPDATE arrive_source.t SET v = v || '+' WHERE id = 3;
    answer := datasurface.ds_run('arrive');
    RETURN answer || ': ' || (SELECT string_agg(DISTINCT concat_ws(', ', way, way_reason), '; ') FROM pg_temp.newest);
END $$;
CREATE INDEX i ON arrive.t_staging (id);
SELECT pg_temp.run();
DROP INDEX arrive.i;
ALTER TABLE arrive.t_staging ADD CHECK (id > 0);
SELECT pg_temp.run();
ALTER TABLE arrive.t_staging DROP CONSTRAINT t_staging_id_check, ALTER v SET STORAGE EXTERNAL;
SELECT pg_temp.run();
ALTER TABLE arrive.t_staging ALTER v SET STORAGE EXTENDED;
SELECT pg_temp.run();
SET datasurface.merge_work_mem = '1MB';
INSERT INTO arrive_source.two SELECT n, 'row ' || n FROM generate_series(1001, 40000) n;
SELECT pg_temp.run();
ANALYZE arrive.two;
SELECT pg_temp.run();
RESET datasurface.merge_work_mem;
-- or was not tried because of a setting
SET datasurface.pull = 'staged';
SELECT pg_temp.run();
RESET datasurface.pull;
SET datasurface.merge_engine = 'sql';
SELECT pg_temp.run();
RESET datasurface.merge_engine;

-- code of the owner that runs between two rows cannot close the query, nor read its rows
SET ROLE regress_arrive;
CREATE FUNCTION arrive_source.meddle(what text) RETURNS boolean LANGUAGE plpgsql IMMUTABLE AS $$
DECLARE
    c refcursor;
    r record;
BEGIN
    FOR c IN SELECT name FROM pg_cursors WHERE name LIKE '<unnamed portal%' LOOP
        CASE what WHEN 'close' THEN CLOSE c; WHEN 'fetch' THEN FETCH c INTO r; ELSE NULL; END CASE;
    END LOOP;
    RETURN true;
END $$;
CREATE FUNCTION arrive_source.writes() RETURNS boolean LANGUAGE plpgsql VOLATILE AS $$
BEGIN
    DELETE FROM arrive.t WHERE id = 4;
    RETURN true;
END $$;
CREATE FUNCTION arrive_source.hides() RETURNS boolean LANGUAGE plpgsql STABLE AS $$ BEGIN RETURN arrive_source.writes(); END $$;
RESET ROLE;
CREATE PROCEDURE pg_temp.load(query text) LANGUAGE sql AS $$
    CALL scene.make(scene.store('arrive', scene.dataset('t', 'id integer, v text', query, milestoned => true)
        || scene.dataset('two', 'id integer, v text', 'TABLE arrive_source.two'), '{"owner": "regress_arrive"}'));
$$;
CALL pg_temp.load('SELECT * FROM arrive_source.t WHERE arrive_source.meddle(CASE id WHEN 300 THEN ''close'' ELSE v END)');
SELECT pg_temp.run();
SELECT error_sqlstate, regexp_replace(error_message, '\d+', 'N') AS error FROM datasurface.batches WHERE stream = 'arrive' ORDER BY batch DESC LIMIT 1;
CALL pg_temp.load('SELECT * FROM arrive_source.t WHERE arrive_source.meddle(CASE id WHEN 300 THEN ''fetch'' ELSE v END)');
SELECT pg_temp.run();
CALL pg_temp.load('SELECT * FROM arrive_source.t WHERE id <> 5 OR arrive_source.hides()');
SELECT pg_temp.run();
SELECT count(*) FROM arrive.t;
CALL pg_temp.load('SELECT t.* FROM arrive_source.t WHERE NOT EXISTS (SELECT FROM arrive.two_staging LIMIT 0)');
SELECT pg_temp.run();
CALL pg_temp.load('TABLE arrive_source.t');
SELECT pg_temp.run();
SELECT count(*) FROM (TABLE arrive_source.t EXCEPT SELECT id, v FROM arrive.t) x;
SELECT count(*) AS left_in_staging FROM arrive.t_staging;
