-- What a session keeps of the definitions of datasets takes 32 MB at most. What was dropped for others is made again. Here the texts of the queries take 60 MB, so a part of them is kept.
CREATE SCHEMA bound_source;
CREATE TABLE bound_source.items (id integer, n integer);
INSERT INTO bound_source.items VALUES (1, 1);
CREATE FUNCTION pg_temp.store(store integer) RETURNS jsonb LANGUAGE sql AS $$
    SELECT scene.store('bound' || store, scene.list(scene.dataset('d' || i, 'id integer, n integer',
            format('SELECT id, n * %s AS n FROM bound_source.items /* %s %s */', i, store, repeat('x', 600000)))),
        '{"consistency": "single"}')
    FROM generate_series(1, 10) i $$;
SELECT format('CALL scene.make(pg_temp.store(%s))', store) FROM generate_series(1, 10) store \gexec
-- a new session, in which loading has left nothing; a transaction for each run, because what it uses is not dropped
\c
CREATE FUNCTION pg_temp.kilobytes() RETURNS bigint LANGUAGE sql AS $$
    SELECT substring(pg_read_file('/proc/self/status') FROM 'RssAnon:\s*(\d+)')::bigint $$;
CREATE VIEW bound_streams AS
    SELECT store, i FROM generate_series(1, 10) store, generate_series(1, 10) i;
CREATE FUNCTION pg_temp.total(OUT total bigint) LANGUAGE plpgsql AS $$
BEGIN
    EXECUTE (SELECT 'SELECT sum(n) FROM ('
            || string_agg(format('SELECT n FROM bound%s.d%s', store, i), ' UNION ALL ') || ') x' FROM bound_streams)
        INTO total;
END $$;
SELECT pg_temp.kilobytes() AS before \gset
\o /dev/null
SELECT format('SELECT datasurface.ds_run(''bound%s#d%s'')', store, i) FROM bound_streams \gexec
SELECT format('SELECT datasurface.ds_run(''bound%s#d%s'')', store, i) FROM bound_streams \gexec
UPDATE bound_source.items SET n = 100;
SELECT format('SELECT datasurface.ds_run(''bound%s#d%s'')', store, i) FROM bound_streams \gexec
\o
SELECT pg_temp.total();
SELECT (pg_temp.kilobytes() - :before) / 1024 < 90 AS all_together;
DROP VIEW bound_streams;
