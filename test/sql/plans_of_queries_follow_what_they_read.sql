-- A session keeps the plan of a dataset's query. What the query reads, calls and may see, and the columns that it must
-- give, are as they are at the next run in the same session.
CREATE ROLE regress_reader;
CREATE SCHEMA planned_source;
GRANT USAGE ON SCHEMA planned_source TO regress_reader;
CREATE SCHEMA planned AUTHORIZATION regress_reader;
SET client_min_messages = warning;
SET datasurface.trusted_owners = regress_reader;
CREATE TABLE planned_source.items (id integer, note text);
ALTER TABLE planned_source.items OWNER TO regress_reader;
CREATE FUNCTION planned_source.spell(text) RETURNS text STABLE LANGUAGE sql AS $$ SELECT 'old ' || $1 $$;
INSERT INTO planned_source.items VALUES (1, 'one'), (2, 'two');
CALL scene.make(scene.store('planned',
       scene.dataset('a', 'id integer, note text',
           'SELECT id, planned_source.spell(note) AS note FROM planned_source.items')
    || scene.dataset('b', 'id integer, note text', 'SELECT * FROM planned_source.items'),
    '{"consistency": "single", "owner": "regress_reader"}'));
CREATE FUNCTION pg_temp.run(INOUT dataset text, OUT answer text, OUT error text) RETURNS SETOF record
    LANGUAGE plpgsql AS $$
BEGIN
    FOREACH dataset IN ARRAY string_to_array(dataset, ' ') LOOP
        answer := datasurface.ds_run('planned#' || dataset);
        error := (SELECT error_sqlstate || ' ' || error_message FROM datasurface.batches
            WHERE stream = 'planned#' || dataset AND state = 'failed');
        RETURN NEXT;
    END LOOP;
EXCEPTION WHEN OTHERS THEN
    answer := 'refused';
    error := SQLSTATE || ' ' || SQLERRM;
    RETURN NEXT;
END $$;
CREATE VIEW planned_rows AS
    SELECT 'a' AS dataset, id, note FROM planned.a UNION ALL SELECT 'b', id, note FROM planned.b;
SELECT * FROM pg_temp.run('a b');
SELECT * FROM pg_temp.run('a b');
TABLE planned_rows ORDER BY dataset, id;

-- another function of that name, and one that its role may not call
CREATE OR REPLACE FUNCTION planned_source.spell(text) RETURNS text STABLE LANGUAGE sql AS $$ SELECT 'new ' || $1 $$;
SELECT * FROM pg_temp.run('a b');
TABLE planned_rows ORDER BY dataset, id;
REVOKE EXECUTE ON FUNCTION planned_source.spell FROM PUBLIC;
SELECT * FROM pg_temp.run('a');
GRANT EXECUTE ON FUNCTION planned_source.spell TO PUBLIC;
SELECT * FROM pg_temp.run('a b');

-- a role whose code must not run in this session any more
RESET datasurface.trusted_owners;
SELECT * FROM pg_temp.run('a');
SET datasurface.trusted_owners = regress_reader;
SELECT * FROM pg_temp.run('a b');

-- a column that is no longer there, one of another type, and the table made again
ALTER TABLE planned_source.items RENAME note TO remark;
SELECT * FROM pg_temp.run('b');
ALTER TABLE planned_source.items RENAME remark TO note;
SELECT * FROM pg_temp.run('a b');
ALTER TABLE planned_source.items ALTER note TYPE varchar(10);
UPDATE planned_source.items SET note = 'three' WHERE id = 2;
SELECT * FROM pg_temp.run('a b');
ALTER TABLE planned_source.items ALTER id TYPE date USING '2026-01-01'::date + id;
SELECT * FROM pg_temp.run('b');
DROP TABLE planned_source.items;
SELECT * FROM pg_temp.run('b');
CREATE TABLE planned_source.items (note text, id integer);
INSERT INTO planned_source.items VALUES ('four', 4);
ALTER TABLE planned_source.items OWNER TO regress_reader;
SELECT * FROM pg_temp.run('a b');
TABLE planned_rows ORDER BY dataset, id;

-- rights that are taken, and a policy that would hide rows
ALTER TABLE planned_source.items OWNER TO CURRENT_USER;
SELECT * FROM pg_temp.run('b');
GRANT SELECT ON planned_source.items TO regress_reader;
SELECT * FROM pg_temp.run('a b');
ALTER TABLE planned_source.items ENABLE ROW LEVEL SECURITY;
SELECT * FROM pg_temp.run('b');
ALTER TABLE planned_source.items DISABLE ROW LEVEL SECURITY;
SELECT * FROM pg_temp.run('a b');

-- the caller's search_path, in which another table has that name
CREATE SCHEMA elsewhere;
CREATE FUNCTION elsewhere.upper(text) RETURNS text IMMUTABLE LANGUAGE sql AS $$ SELECT 'never' $$;
SET search_path = elsewhere, public, pg_catalog;
SELECT * FROM pg_temp.run('a b');
RESET search_path;
TABLE planned_rows ORDER BY dataset, id;

-- more rows than when the query was planned, and a function that becomes volatile
INSERT INTO planned_source.items SELECT 'many', g FROM generate_series(5, 10000) g;
SELECT * FROM pg_temp.run('a b');
ALTER FUNCTION planned_source.spell VOLATILE;
SELECT * FROM pg_temp.run('a b');
SELECT dataset, note, count(*) FROM planned_rows GROUP BY 1, 2 ORDER BY 1, 2;

DROP VIEW planned_rows;
DROP SCHEMA planned CASCADE;
DROP SCHEMA planned_source, elsewhere CASCADE;
DROP ROLE regress_reader;
