-- A session keeps what it has read of a dataset. A type that was dropped and made again under its name, a schema that took
-- another name, and a new query are seen by the next run in the same session, with either engine.
CREATE SCHEMA kept_source;
CREATE SCHEMA kept_types;
CREATE DOMAIN kept_types.code AS numeric;
CREATE TYPE kept_types.size AS ENUM ('small', 'large');
CREATE TYPE kept_types.part AS (n integer, note text);
CREATE TABLE kept_source.items (id kept_types.code, size kept_types.size);
CREATE TABLE kept_source.parts (id kept_types.code, part kept_types.part);
INSERT INTO kept_source.items VALUES (1, 'small'), (2, 'large');
INSERT INTO kept_source.parts VALUES (1, '(1,one)'), (2, '(2,two)');
CREATE FUNCTION pg_temp.store(items text DEFAULT 'SELECT * FROM kept_source.items', more jsonb DEFAULT '{}')
    RETURNS jsonb LANGUAGE sql AS $$
    SELECT scene.store('kept', scene.list(
            scene.dataset(engine || '_items', 'id kept_types.code, size kept_types.size', items, milestoned => true)
         || scene.dataset(engine || '_parts', 'id kept_types.code, part kept_types.part',
                'SELECT * FROM kept_source.parts')), '{"consistency": "single"}' || more)
    FROM unnest('{native,sql}'::text[]) engine $$;
CALL scene.make(pg_temp.store());
CREATE FUNCTION pg_temp.run() RETURNS SETOF text LANGUAGE plpgsql AS $$
DECLARE
    engine text;
    stream text;
BEGIN
    FOREACH engine IN ARRAY '{native,sql}'::text[] LOOP
        PERFORM set_config('datasurface.merge_engine', engine, false);
        FOREACH stream IN ARRAY '{items,parts}'::text[] LOOP
            stream := engine || '_' || stream;
            RETURN NEXT stream || ' ' || datasurface.ds_run('kept#' || stream);
        END LOOP;
    END LOOP;
END $$;
CREATE VIEW kept_rows AS
    SELECT 'native' AS engine, id::text, size::text AS value FROM kept.native_items
    UNION ALL SELECT 'native', id::text, part::text FROM kept.native_parts
    UNION ALL SELECT 'sql', id::text, size::text FROM kept.sql_items
    UNION ALL SELECT 'sql', id::text, part::text FROM kept.sql_parts;
SELECT * FROM pg_temp.run();
SELECT * FROM pg_temp.run();
TABLE kept_rows ORDER BY engine, id, value;
SELECT pg_get_viewdef('kept_rows') AS kept_rows \gset

-- the key has another equality, the enum other labels, the composite type other fields; columns are made again by hand
DROP DOMAIN kept_types.code CASCADE;
DROP TYPE kept_types.size, kept_types.part CASCADE;
CREATE DOMAIN kept_types.code AS text;
CREATE TYPE kept_types.size AS ENUM ('large', 'huge', 'small');
CREATE TYPE kept_types.part AS (note text, n integer, more date);
SELECT format('ALTER TABLE %s ADD id kept_types.code, ADD %s', oid::regclass,
        CASE WHEN relname LIKE '%items%' THEN 'size kept_types.size' ELSE 'part kept_types.part' END)
    FROM pg_class WHERE relnamespace IN ('kept_source'::regnamespace, 'kept'::regnamespace) AND relkind = 'r'
    ORDER BY relname \gexec
SELECT format('TRUNCATE %s; ALTER TABLE %1$s ', oid::regclass)
        || CASE WHEN relname LIKE '%history' THEN 'ALTER id SET NOT NULL' ELSE 'ADD PRIMARY KEY (id)' END
    FROM pg_class WHERE relnamespace = 'kept'::regnamespace AND relkind = 'r' AND relname NOT LIKE '%staging'
    ORDER BY relname \gexec
TRUNCATE kept_source.items, kept_source.parts;
INSERT INTO kept_source.items VALUES ('a', 'small'), ('b', 'huge');
INSERT INTO kept_source.parts VALUES ('a', '(one,1,2026-01-01)'), ('b', '(two,2,)');
CREATE VIEW kept_rows AS :kept_rows
SELECT * FROM pg_temp.run();
SELECT * FROM pg_temp.run();
TABLE kept_rows ORDER BY engine, id, value;

-- a name that leads nowhere
ALTER SCHEMA kept_types RENAME TO kept_types_elsewhere;
SELECT datasurface.ds_run('kept#native_items'); -- fails
\echo :SQLSTATE
ALTER SCHEMA kept_types_elsewhere RENAME TO kept_types;
SELECT * FROM pg_temp.run();

-- another query, in a transaction that is rolled back, and then for good
BEGIN;
CALL scene.make(pg_temp.store('SELECT * FROM kept_source.items WHERE id = ''b'''));
SELECT * FROM pg_temp.run();
SELECT engine, count(*) FROM kept_rows GROUP BY 1 ORDER BY 1;
ROLLBACK;
SELECT * FROM pg_temp.run();
SELECT engine, count(*) FROM kept_rows GROUP BY 1 ORDER BY 1;
CALL scene.make(pg_temp.store('SELECT * FROM kept_source.items WHERE id = ''b'''));
SELECT * FROM pg_temp.run();
SELECT engine, count(*) FROM kept_rows GROUP BY 1 ORDER BY 1;
