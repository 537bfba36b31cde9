-- The digest of the changes of a held batch: both engines find the same, whatever the session's settings, and it is the
-- sum of ds_row_digest over the changed rows, old and new. Values that are equal, but stored differently, are changes.
\set SHOW_CONTEXT never
SET client_min_messages = warning;
CREATE SCHEMA digests_source;
CREATE TYPE digests_source.pair AS (n numeric, t text);
CREATE TYPE digests_source.nest AS (p digests_source.pair, a numeric[], f double precision);
CREATE TYPE digests_source.mood AS ENUM ('sad', 'so so');
CREATE DOMAIN digests_source.price AS numeric;
CREATE TABLE digests_source.t (id integer, n numeric, m numeric(9, 2), f double precision, r real,
    p digests_source.price, t text, c char(4), big text, a numeric[], fa double precision[], ta text[],
    o digests_source.pair, oa digests_source.pair[], nest digests_source.nest, e digests_source.mood,
    ea digests_source.mood[], j jsonb, b bytea, i interval, ia interval[], ts timestamptz, tsa timestamptz[],
    rel regclass, nm name, nr numrange, x bit varying);

CREATE FUNCTION pg_temp.one_of(VARIADIC text[]) RETURNS text LANGUAGE sql VOLATILE AS
$$ SELECT $1[1 + floor(random() * cardinality($1))] $$;
CREATE FUNCTION pg_temp.row_of(id integer) RETURNS digests_source.t LANGUAGE plpgsql VOLATILE AS $$
DECLARE
    x digests_source.t;
    number text[] := '{1,1.0,1.00,0,-0.0,NaN,Infinity,12345678901234567890.5,NULL}';
    float text[] := '{0,-0,1,NaN,-Infinity,1e-30,0.1,NULL}';
BEGIN
    x.id := id; x.n := pg_temp.one_of(VARIADIC number); x.m := pg_temp.one_of('1', '1.5', '-0', NULL);
    x.p := pg_temp.one_of(VARIADIC number);
    x.f := pg_temp.one_of(VARIADIC float); x.r := pg_temp.one_of(VARIADIC float);
    x.t := pg_temp.one_of('', 'a', 'A', 'a ', NULL); x.c := pg_temp.one_of('', 'a', 'b', NULL);
    x.big := CASE floor(random() * 4) WHEN 0 THEN repeat('ab', 5000) WHEN 1 THEN repeat('ab', 5001)
        WHEN 2 THEN (SELECT string_agg(md5(g::text), '') FROM generate_series(1, 200) g) END;
    x.a := pg_temp.one_of('{}', '{1}', '{1.0}', '{1.00,NULL}', '{NaN}', '[0:0]={1}', NULL);
    x.fa := pg_temp.one_of('{0}', '{-0}', '{0.1,NULL}', NULL);
    x.ta := pg_temp.one_of('{}', '{NULL}', '{"NULL"}', '{""}');
    x.o := pg_temp.one_of('(1,a)', '(1.0,a)', '(,)', '(,"")', NULL);
    x.oa := pg_temp.one_of('{}', '{NULL}', '{"(,)"}', '{"(1,a)"}', '{"(1.0,a)"}', NULL);
    x.nest := pg_temp.one_of('(,,)', '("(,)",,)', '("(1,a)",{1},0)', '("(1,a)",{1.0},0)', '("(1,a)",{1},-0)', NULL);
    x.e := pg_temp.one_of('sad', 'so so', NULL); x.ea := pg_temp.one_of('{}', '{sad}', '{sad,"so so",NULL}', NULL);
    x.j := pg_temp.one_of('{"a":1}', '{"a":1.0}', 'null', NULL); x.b := pg_temp.one_of('\x', '\x00', '\x5c', NULL);
    x.i := pg_temp.one_of('1 day', '24 hours', '30 days', '1 mon', '-1 day', NULL);
    x.ia := pg_temp.one_of('{1 day}', '{24 hours}', '{-1 day,1 mon}', NULL);
    x.ts := pg_temp.one_of('2026-11-20 12:00+00', 'infinity', NULL);
    x.tsa := pg_temp.one_of('{2026-11-20 12:00+00}', '{-infinity,NULL}', NULL);
    x.rel := pg_temp.one_of('pg_class', 'digests_source.t', NULL); x.nm := pg_temp.one_of('', 'a', NULL);
    x.nr := pg_temp.one_of('[1,2)', '[1.0,2)', 'empty', NULL); x.x := pg_temp.one_of('', '0', '00', NULL);
    RETURN x;
END $$;

SELECT string_agg(attname || ' ' || format_type(atttypid, atttypmod), ', ' ORDER BY attnum) AS columns
    FROM pg_attribute WHERE attrelid = 'digests_source.t'::regclass AND attnum > 0 \gset
CALL scene.make(scene.store('digests', scene.dataset('t', :'columns', 'TABLE digests_source.t', milestoned => true),
    '{"brakes": {"changes": {"rows": 0}}}'));
SELECT setseed(0.11);
INSERT INTO digests_source.t SELECT (pg_temp.row_of(i)).* FROM generate_series(1, 600) i;
SELECT datasurface.ds_run('digests');
DELETE FROM digests_source.t WHERE id % 3 = 0 OR id % 7 = 0;
INSERT INTO digests_source.t SELECT (pg_temp.row_of(i)).* FROM generate_series(1, 700) i WHERE i % 3 = 0 OR i > 600;

-- What the digest is, by the rows as they are staged and merged, with the settings that every call of ours has.
CREATE FUNCTION pg_temp.by_rows(seed bigint) RETURNS text LANGUAGE plpgsql
SET "DateStyle" = 'ISO, YMD' SET "IntervalStyle" = postgres SET "TimeZone" = GMT SET extra_float_digits = 1
SET bytea_output = hex SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    columns text := (SELECT string_agg(quote_ident(attname), ', ' ORDER BY attnum) FROM pg_attribute
        WHERE attrelid = 'digests_source.t'::regclass AND attnum > 0);
    answer text := '';
    half text;
    total numeric;
BEGIN
    FOREACH half IN ARRAY ARRAY['true', 'false'] LOOP
        EXECUTE format('SELECT mod(sum(mod(d + 18446744073709551616, 18446744073709551616)), 18446744073709551616)'
            ' FROM (SELECT datasurface.ds_row_digest(r, $1, is_old, %2$s)::numeric AS d'
            ' FROM (SELECT id, ROW(%1$s)::record AS old FROM digests.t) o'
            ' FULL JOIN (SELECT id, ROW(%1$s)::record AS new FROM digests.t_staging) n USING (id),'
            ' LATERAL (VALUES (old, true), (new, false)) v (r, is_old) WHERE r IS DISTINCT FROM NULL AND'
            ' (old IS NOT DISTINCT FROM NULL OR new IS NOT DISTINCT FROM NULL OR old OPERATOR(pg_catalog.*<>) new)) x',
            columns, half) INTO total USING seed;
        answer := answer || lpad(to_hex((CASE WHEN total >= 9223372036854775808 THEN total - 18446744073709551616
            ELSE total END)::bigint), 16, '0');
    END LOOP;
    RETURN answer;
END $$;
CREATE FUNCTION pg_temp.recorded() RETURNS text LANGUAGE sql AS $$
    SELECT changes_digest FROM datasurface.batch_dataset x JOIN datasurface.stream s USING (stream_id)
    WHERE s.name = 'digests' AND batch_id = 2
$$;
SET datasurface.merge_engine = native;
SELECT datasurface.ds_run('digests');
SELECT inserted, updated > 150 AS many_updated, deleted > 50 AS many_deleted FROM datasurface.batches
    WHERE stream = 'digests' AND state = 'held';
SELECT pg_temp.recorded() AS by_native \gset
SELECT substr(:'by_native', 17) = pg_temp.by_rows(('x' || left(:'by_native', 16))::bit(64)::bigint) AS is_the_sum;

-- the other engine, with the same seed, for it is compared with what is held; and sessions with other settings
SET datasurface.merge_engine = sql;
SELECT datasurface.ds_run('digests'), pg_temp.recorded() = :'by_native' AS same;
SET "DateStyle" = 'German, DMY';
SET "IntervalStyle" = sql_standard;
SET "TimeZone" = 'Asia/Kathmandu';
SET extra_float_digits = -15;
SET bytea_output = escape;
SET search_path = digests_source, public;
SET quote_all_identifiers = on;
SELECT datasurface.ds_run('digests'), pg_temp.recorded() = :'by_native' AS same;
SET datasurface.merge_engine = native;
SELECT datasurface.ds_run('digests'), pg_temp.recorded() = :'by_native' AS same;
RESET ALL;
SET client_min_messages = warning;
-- rows that arrive in another order
CREATE TEMP TABLE kept AS TABLE digests_source.t;
TRUNCATE digests_source.t;
INSERT INTO digests_source.t SELECT * FROM kept ORDER BY md5(id::text);
SET datasurface.merge_engine = sql;
SELECT datasurface.ds_run('digests'), pg_temp.recorded() = :'by_native' AS same;
SET datasurface.merge_engine = native;
SELECT datasurface.ds_run('digests'), pg_temp.recorded() = :'by_native' AS same;
-- each engine releases what the other has found
BEGIN;
SELECT datasurface.ds_release_batch('digests', 2, 'a test');
ROLLBACK;
BEGIN;
SET LOCAL datasurface.merge_engine = sql;
SELECT datasurface.ds_release_batch('digests', 2, 'a test');
ROLLBACK;
-- another value in one row is another batch
UPDATE digests_source.t SET o = '(1.00,a)' WHERE id = 700;
SELECT datasurface.ds_run('digests');
SELECT batch, state FROM datasurface.batches WHERE stream = 'digests' ORDER BY batch;

-- a row's digest: equal values that are stored differently have others; so have old rows, another seed, the other half
SELECT what, count(DISTINCT datasurface.ds_row_digest(r, 11, false, false)) AS digests, count(*) AS rows FROM (VALUES
    ('numeric', ROW(1.0)), ('numeric', ROW(1.00)), ('numeric', ROW(1)),
    ('double precision', ROW(0::float8)), ('double precision', ROW('-0'::float8)),
    ('in an array', ROW('{1.0,0}'::numeric[])), ('in an array', ROW('{1.00,0}'::numeric[])),
    ('-0 in an array', ROW('{0}'::float8[])), ('-0 in an array', ROW('{-0}'::float8[])),
    ('bounds', ROW('{1}'::integer[])), ('bounds', ROW('[0:0]={1}'::integer[])),
    ('in a composite', ROW('(1.0,a)'::digests_source.pair)), ('in a composite', ROW('(1,a)'::digests_source.pair)),
    ('NULL', ROW(NULL::text)), ('NULL', ROW(''::text)), ('NULL', ROW('NULL'::text)),
    ('composite of NULLs', ROW('(,)'::digests_source.pair)), ('composite of NULLs', ROW(NULL::digests_source.pair)),
    ('columns', ROW('a'::text, 'bc'::text)), ('columns', ROW('ab'::text, 'c'::text)),
    ('columns', ROW(NULL::text, 'abc'::text)), ('columns', ROW('abc'::text, NULL::text))) x (what, r)
GROUP BY what ORDER BY what;
SELECT count(DISTINCT datasurface.ds_row_digest(ROW(1, 'a'::text), seed, is_old, high)) AS digests
    FROM (VALUES (1), (2)) s (seed), (VALUES (false), (true)) o (is_old), (VALUES (false), (true)) h (high);

-- a table of so many columns that old and new ones together are more than a row may have
SELECT string_agg(format('c%s smallint', c), ', ') AS columns FROM generate_series(1, 1000) c \gset
CREATE TABLE digests_source.wide (id integer, :columns);
INSERT INTO digests_source.wide (id) SELECT generate_series(1, 10);
CALL scene.make(scene.store('digests_wide', scene.dataset('wide', 'id integer, ' || :'columns',
    'TABLE digests_source.wide'), '{"brakes": {"changes": {"rows": 3}}}'));
SELECT datasurface.ds_run('digests_wide');
UPDATE digests_source.wide SET c1 = 0, c1000 = 7 WHERE id > 5;
SET datasurface.merge_engine = sql;
SELECT datasurface.ds_run('digests_wide');
SET datasurface.merge_engine = native;
SELECT datasurface.ds_run('digests_wide');
SELECT batch, state, updated FROM datasurface.batches WHERE stream = 'digests_wide' ORDER BY batch;
SELECT change, total, sample, key, column_name, old_value, new_value
    FROM datasurface.ds_preview_batch('digests_wide', 2, rows => 2);
