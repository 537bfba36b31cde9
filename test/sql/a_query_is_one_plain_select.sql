-- A query of the model must be one plain SELECT. What is more than that is refused before anything is run.
CREATE TABLE public.model_query_one (id integer);
CREATE FUNCTION pg_temp.verdict(query text) RETURNS text LANGUAGE sql AS $$
    SELECT coalesce((SELECT string_agg(code || ': ' || message, '; ')
        FROM datasurface.ds_validate_model(scene.model(scene.store('model_query',
            scene.dataset('t', query => query))), replace => false)), 'accepted')
$$;
SELECT query, pg_temp.verdict(query) FROM (VALUES
    (1, 'SELECT 1 AS id'), (2, 'SELECT 1 AS id;'), (3, 'SELECT 1 AS id -- a comment ends it'),
    (4, '/* ; */ SELECT 1 AS id ; -- ;'), (5, 'VALUES (1)'), (6, 'TABLE public.model_query_one'),
    (7, 'WITH x AS (SELECT 1 AS id) SELECT id FROM x'), (8, '(SELECT 1 AS id) UNION ALL (SELECT 2)'),
    (20, ';'), (21, '-- nothing'), (22, 'SELECT 1; SELECT 2'), (23, 'SELECT 1; DROP TABLE x'), (24, 'DELETE FROM x'),
    (25, 'SELECT 1 INTO x'), (26, 'SELECT id FROM x FOR UPDATE'), (27, 'SELECT * FROM (SELECT id FROM x FOR SHARE) y'),
    (28, 'WITH d AS (DELETE FROM x RETURNING id) SELECT id FROM d'),
    (29, 'SELECT (WITH i AS (INSERT INTO x VALUES (1) RETURNING id) SELECT id FROM i)'),
    (30, 'SELECT * FROM (WITH u AS (UPDATE x SET id = 1 RETURNING id) SELECT id FROM u) y'),
    (31, 'CREATE TABLE x AS SELECT 1'), (32, 'COPY x TO PROGRAM ''true'''), (33, 'EXPLAIN SELECT 1'), (34, 'BEGIN'),
    (35, 'SELECT 1 AS id) AS q; DROP TABLE x; --'), (36, 'EXECUTE p'), (37, 'DECLARE c CURSOR FOR SELECT 1'),
        (38, 'CALL p()')
) q(n, query) ORDER BY n;
-- a message of the parser does not quote more than is needed; its words differ between versions, so only the code
SELECT query, split_part(pg_temp.verdict(query), ':', 1) AS code
FROM (VALUES ('SELEC 1'), ('SELECT ''unfinished'), ('SELECT 1 /* unfinished'), ('SELECT $1 AS id FROM'), ('SELECT "a'))
    q(query);
DROP TABLE public.model_query_one;
