-- A pull's rows get into the staging table in two ways: by an INSERT statement, which the sql engine's setting asks
-- for, or straight from the query's plan, many at a time. What the second cannot do as the first would, it leaves to
-- it. Either way the same rows are staged in the same order, the same batches fail for the same reason, and the merge
-- has the same result.
SET datasurface.pull = staged;
\set SHOW_CONTEXT never
CREATE ROLE regress_pull;
-- whose functions run here, in a superuser's session
SET datasurface.trusted_owners = regress_pull;
CREATE SCHEMA pull_source;
GRANT USAGE, CREATE ON SCHEMA pull_source TO regress_pull;
CREATE TABLE pull_source.numbers AS SELECT n, 'row ' || n AS t FROM generate_series(1, 3) n;
CREATE TABLE pull_source.many AS SELECT n, CASE WHEN n % 7 > 0 THEN 'row ' || n END AS t
    FROM generate_series(1, 1000) n;
CREATE TABLE pull_source.large AS SELECT n, repeat(md5(n::text), 5000) AS compressed,
    (SELECT string_agg(md5(n || 'x' || i), '') FROM generate_series(1, 1000) i) AS elsewhere
        FROM generate_series(1, 20) n;
ALTER TABLE pull_source.large ALTER elsewhere SET STORAGE EXTERNAL;
UPDATE pull_source.large SET elsewhere = elsewhere || 'x';
-- columns that were dropped, and one that older rows lack
CREATE TABLE pull_source.grown AS SELECT n AS gone, n, 'row ' || n AS t FROM generate_series(1, 3) n;
ALTER TABLE pull_source.grown DROP gone, ADD late text DEFAULT 'late', ADD later text;
INSERT INTO pull_source.grown VALUES (4, NULL, NULL, 'new');
-- of the columns of the dataset: ten of them, so that the null bits of a staged row lie in other bytes; a row that
-- lacks the last ones; in another order, but of the same types; with one that was dropped; with headers that are not
-- shortened
CREATE TABLE pull_source.exact (k integer, v text, w text, d date, a integer[]);
INSERT INTO pull_source.exact VALUES (1, 'one', 'w', '2020-02-29', '{1,2}');
ALTER TABLE pull_source.exact ADD n numeric DEFAULT 1.50, ADD b boolean, ADD t text, ADD x text DEFAULT 'x',
    ADD y bigint;
INSERT INTO pull_source.exact VALUES (2, NULL, 'w', NULL, NULL, 2.00, true, 't', 'x', NULL),
    (3, 'v', NULL, 'infinity', '{}', NULL, NULL, NULL, NULL, 3),
    (4, 'v', 'w', '2020-01-01', '{4}', 4.0, false, 't', 'x', 4),
    (5, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL),
    (6, repeat('long ', 100000), (SELECT string_agg(md5(i::text), '') FROM generate_series(1, 500) i), NULL, NULL,
        6, NULL, repeat('t', 150), 'x', 6);
CREATE TABLE pull_source.other_order (k integer, x text, t text, y bigint, d date, n numeric, b boolean, v text, w text,
    a integer[]);
INSERT INTO pull_source.other_order (k, v, w, d, a, n, b, t, x, y) SELECT k + 10, v, w, d, a, n, b, t, x, y
    FROM pull_source.exact;
CREATE TABLE pull_source.swapped (k integer, w text, v text, d date, a integer[], n numeric, b boolean, x text, t text,
    y bigint);
INSERT INTO pull_source.swapped (k, v, w, d, a, n, b, t, x, y) SELECT k + 20, v, w, d, a, n, b, t, x, y
    FROM pull_source.exact;
CREATE TABLE pull_source.dropped (gone text, LIKE pull_source.exact);
INSERT INTO pull_source.dropped SELECT 'gone', k + 30, v, w, d, a, n, b, t, x, y FROM pull_source.exact;
ALTER TABLE pull_source.dropped DROP gone;
CREATE TABLE pull_source.plain (LIKE pull_source.exact);
ALTER TABLE pull_source.plain ALTER v SET STORAGE PLAIN, ALTER w SET STORAGE MAIN;
-- only COPY forms a row by the table's own storage; an INSERT shortens these headers too
COPY pull_source.plain FROM stdin (DELIMITER '|', NULL '');
41|one|w|2020-02-29|{1,2}|1.5|||x|
42|v||||2.00|t|t|x|2
43||w|infinity|{}|||||3
\.
SELECT k, pg_column_size(v) AS with_long_header FROM pull_source.plain ORDER BY k;
CREATE TABLE pull_source.parts (LIKE pull_source.exact) PARTITION BY RANGE (k);
ALTER TABLE pull_source.parts ATTACH PARTITION pull_source.exact FOR VALUES FROM (0) TO (10);
ALTER TABLE pull_source.parts ATTACH PARTITION pull_source.other_order FOR VALUES FROM (10) TO (20);
ALTER TABLE pull_source.parts ATTACH PARTITION pull_source.swapped FOR VALUES FROM (20) TO (30);
ALTER TABLE pull_source.parts ATTACH PARTITION pull_source.dropped FOR VALUES FROM (30) TO (40);
ALTER TABLE pull_source.parts ATTACH PARTITION pull_source.plain FOR VALUES FROM (40) TO (50);
CREATE VIEW pull_source.locking AS SELECT n AS k, t AS v FROM pull_source.numbers FOR UPDATE;
CREATE TYPE pull_source.pair AS (a integer, b text);
CREATE DOMAIN pull_source.short AS text CHECK (length(VALUE) < 6);
CREATE TABLE pull_source.log (n integer);
ALTER TABLE pull_source.numbers OWNER TO regress_pull;
ALTER VIEW pull_source.locking OWNER TO regress_pull;
GRANT SELECT ON ALL TABLES IN SCHEMA pull_source TO regress_pull;
GRANT INSERT ON pull_source.log TO regress_pull;

-- Stable, so it is called for each row but stands in nobody's way: on whose behalf the query runs.
CREATE FUNCTION pull_source.way() RETURNS text STABLE LANGUAGE plpgsql AS $$
DECLARE stack text;
BEGIN
    GET DIAGNOSTICS stack = PG_CONTEXT;
    RETURN CASE WHEN stack LIKE '%SQL statement "INSERT INTO %t_staging% SELECT ds_surf_query.%' THEN 'INSERT'
        WHEN stack LIKE '%ingest of dataset %' THEN 'straight' END;
END $$;
CREATE FUNCTION pull_source.note(n integer) RETURNS integer LANGUAGE plpgsql AS $$
    BEGIN INSERT INTO pull_source.log VALUES (n); RETURN n; END $$;
CREATE FUNCTION pull_source.staged_before(store text) RETURNS bigint LANGUAGE plpgsql AS $$
DECLARE n bigint;
BEGIN EXECUTE format('SELECT count(*) FROM %I.t_staging', store) INTO n; RETURN n; END $$;
CREATE FUNCTION pull_source.see(text, integer) RETURNS text LANGUAGE plpgsql AS $$
    BEGIN RETURN pull_source.staged_before('pull_looks_in_aggregate'); END $$;
CREATE AGGREGATE pull_source.seen(integer) (SFUNC = pull_source.see, STYPE = text);
CREATE FUNCTION pull_source.is_next(n integer) RETURNS boolean LANGUAGE plpgsql AS $$
    BEGIN RETURN n IN (1, 1 + pull_source.staged_before('pull_looks_in_domain')); END $$;
CREATE DOMAIN pull_source.dense AS integer CHECK (pull_source.is_next(VALUE));
CREATE DOMAIN pull_source.follows AS integer CHECK (VALUE <= 1 + pull_source.staged_before('pull_checked_by_domain'));
CREATE FUNCTION pull_source.longer(a integer[]) RETURNS integer[] STABLE LANGUAGE plpgsql AS $$
    BEGIN a[cardinality(a) + 1] := 7; RETURN a; END $$;
CREATE FUNCTION pull_source.collected() RETURNS bigint STABLE SECURITY DEFINER LANGUAGE plpgsql AS $$
BEGIN RETURN (SELECT total_bytes FROM pg_backend_memory_contexts WHERE name = 'datasurface query'); END $$;
CREATE FUNCTION pull_source.shout() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN NEW.v := upper(NEW.v); RETURN NEW; END $$;

-- A case for each: what the query gives, beside w, which says the way; the type of v; what happens to the staging table
-- before.
CREATE TEMP TABLE cases (n integer GENERATED ALWAYS AS IDENTITY, name text, query text, type text DEFAULT 'text',
    change text DEFAULT '');
INSERT INTO cases (name, query) VALUES
    ('plain', 'SELECT n AS k, t AS v, %s AS w FROM pull_source.numbers'),
    ('many', 'SELECT n AS k, t AS v, %s AS w FROM pull_source.many ORDER BY n DESC'),
    ('none', 'SELECT n AS k, t AS v, %s AS w FROM pull_source.numbers WHERE n > 3'),
    ('nulls', 'SELECT n AS k, NULL::text AS v, %s AS w FROM pull_source.numbers'),
    ('compressed', 'SELECT n AS k, compressed AS v, %s AS w FROM pull_source.large'),
    ('elsewhere', 'SELECT n AS k, elsewhere AS v, %s AS w FROM pull_source.large'),
    ('large', 'SELECT n AS k, repeat(t, 50000) AS v, %s AS w FROM pull_source.many WHERE n < 40'),
    ('grown', 'SELECT n AS k, late AS v, %s AS w, later FROM pull_source.grown ORDER BY 1'),
    ('with', 'WITH a AS MATERIALIZED (SELECT 1 AS k UNION ALL SELECT 2) SELECT k, ''a'' AS v, %s AS w FROM a -- to the end'),
    ('itself', 'SELECT n AS k, t AS v, %s AS w FROM pull_source.numbers UNION ALL SELECT -k, v, w FROM pull_itself.t_staging'),
    ('nextval', 'SELECT n AS k, nextval(''pull_source.own'')::text AS v, %s AS w FROM pull_source.numbers'),
    ('volatile', 'SELECT pull_source.note(n) AS k, t AS v, %s AS w FROM pull_source.numbers'),
    ('looks', 'SELECT n AS k, pull_source.staged_before(''pull_looks'')::text AS v, %s AS w FROM pull_source.numbers'),
    ('looks_in_aggregate', 'SELECT n AS k, pull_source.seen(n) OVER (ORDER BY n) AS v, %s AS w FROM pull_source.many'),
    ('aggregate', 'SELECT n AS k, max(t) OVER (ORDER BY n) AS v, %s AS w FROM pull_source.many'),
    ('looks_in_domain', 'SELECT n::pull_source.dense::integer + 0 AS k, t AS v, %s AS w FROM pull_source.many'),
    ('looks_in_view', 'SELECT k, v, %s AS w FROM pull_source.looking'),
    ('locks', 'SELECT k, v, %s AS w FROM pull_source.locking'),
    ('too_wide', 'SELECT n::bigint AS k, t AS v, %s AS w FROM pull_source.numbers'),
    ('out_of_range', 'SELECT n * 10000000000 AS k, t AS v, %s AS w FROM pull_source.numbers'),
    ('fails', 'SELECT n AS k, (1 / (300 - n))::text AS v, %s AS w FROM pull_source.many ORDER BY n');
INSERT INTO cases (name, query, type) VALUES
    ('arrays', 'SELECT n AS k, pull_source.longer(ARRAY[n, NULL]) AS v, %s AS w FROM pull_source.numbers', 'integer[]'),
    ('rows', 'SELECT n AS k, ROW(n, t)::pull_source.pair AS v, %s AS w FROM pull_source.numbers', 'pull_source.pair'),
    ('domain', 'SELECT n AS k, t::pull_source.short AS v, %s AS w FROM pull_source.numbers', 'pull_source.short'),
    ('to_domain', 'SELECT n AS k, t || ''!'' AS v, %s AS w FROM pull_source.numbers', 'pull_source.short'),
    ('fits', 'SELECT n AS k, t::varchar(6) AS v, %s AS w FROM pull_source.numbers', 'varchar(6)'),
    ('too_long', 'SELECT n AS k, t::varchar AS v, %s AS w FROM pull_source.numbers', 'varchar(3)'),
    ('other_length', 'SELECT n AS k, t::varchar(10) AS v, %s AS w FROM pull_source.numbers', 'varchar(3)'),
    ('padded', 'SELECT n AS k, t::char(6) AS v, %s AS w FROM pull_source.numbers', 'char(7)'),
    ('rounded', 'SELECT n AS k, n + 0.126 AS v, %s AS w FROM pull_source.numbers', 'numeric(6,2)'),
    ('as_it_is', 'SELECT n AS k, n + 0.126 AS v, %s AS w FROM pull_source.numbers', 'numeric');
INSERT INTO cases (name, query, change)
SELECT name, 'SELECT n AS k, t AS v, %s AS w FROM pull_source.many WHERE n < 400 ORDER BY n', change FROM (VALUES
    ('not_null', 'ALTER TABLE %1$s.t_staging ALTER v SET NOT NULL'),
    ('checked', 'ALTER TABLE %1$s.t_staging ADD CONSTRAINT small CHECK (k < 300)'),
    ('checked_table', 'ALTER TABLE %1$s.t_staging ADD CONSTRAINT here CHECK (tableoid = ''%1$s.t_staging''::regclass)'),
    ('checked_all', 'ALTER TABLE %1$s.t_staging ADD CONSTRAINT few CHECK (pull_source.staged_before(''%1$s'') < 300)'),
    ('checked_by_domain', 'ALTER TABLE %1$s.t_staging ADD CONSTRAINT next CHECK (k::pull_source.follows > 0)'),
    ('indexed', 'CREATE INDEX ON %1$s.t_staging (upper(v)); CREATE UNIQUE INDEX ON %1$s.t_staging (k)'),
    ('unique', 'CREATE UNIQUE INDEX t_unique ON %1$s.t_staging ((mod(k, 300)))'),
    ('unique_late', 'ALTER TABLE %1$s.t_staging ADD CONSTRAINT late UNIQUE (k) DEFERRABLE INITIALLY DEFERRED'),
    ('triggered', 'CREATE TRIGGER shout BEFORE INSERT ON %1$s.t_staging FOR EACH ROW EXECUTE FUNCTION pull_source.shout()'),
    ('ruled', 'CREATE RULE nothing AS ON DELETE TO %1$s.t_staging DO ALSO NOTIFY pull'),
    ('extra', 'ALTER TABLE %1$s.t_staging ADD x text NOT NULL DEFAULT ''x'''),
    ('generated', 'ALTER TABLE %1$s.t_staging ADD x text GENERATED ALWAYS AS (upper(v)) STORED'),
    ('moved', 'ALTER TABLE %1$s.t_staging ADD x text, DROP v; ALTER TABLE %1$s.t_staging RENAME x TO v'),
    ('numbered', 'ALTER TABLE %1$s.t_staging ALTER k SET NOT NULL, ALTER k ADD GENERATED ALWAYS AS IDENTITY'),
    ('not_numbered', 'CREATE SEQUENCE %1$s.own; ALTER SEQUENCE %1$s.own OWNER TO regress_pull; ALTER TABLE %1$s.t_staging ALTER ds_surf_arrival DROP IDENTITY,
        ALTER ds_surf_arrival SET DEFAULT nextval(''%1$s.own''); ALTER SEQUENCE %1$s.own
            OWNED BY %1$s.t_staging.ds_surf_arrival'),
    ('defaults', 'ALTER TABLE %1$s.t_staging ALTER v SET DEFAULT ''never'', ALTER ds_surf_arrival SET INCREMENT 10'),
    ('by_default', 'ALTER TABLE %1$s.t_staging ALTER ds_surf_arrival SET GENERATED BY DEFAULT'),
    ('logged', 'ALTER TABLE %1$s.t_staging SET LOGGED'),
    ('no_right', 'REVOKE INSERT ON %1$s.t_staging FROM regress_pull'),
        ('fewer_rights', 'REVOKE UPDATE ON %1$s.t_staging FROM regress_pull')) c(name, change);
CREATE SEQUENCE pull_source.own;
ALTER SEQUENCE pull_source.own OWNER TO regress_pull;
CREATE VIEW pull_source.looking AS SELECT n AS k, pull_source.staged_before('pull_looks_in_view')::text AS v
    FROM pull_source.numbers;
GRANT SELECT ON pull_source.looking TO regress_pull;

SELECT scene.list(scene.store('pull_' || name, scene.dataset('t', 'k integer, v ' || type || ', w text',
    format(query, 'pull_source.way()'), milestoned => true), '{"owner": "regress_pull"}')) AS stores FROM cases \gset
CALL scene.make(:'stores');
DO $$ DECLARE c record;
BEGIN
    FOR c IN SELECT * FROM cases WHERE change <> '' ORDER BY n LOOP
        EXECUTE format(c.change, 'pull_' || c.name);
    END LOOP;
END $$;

-- What is staged under a setting: how many rows by which way, in which order, and what they are; or why nothing.
CREATE FUNCTION pg_temp.stage(store text, batch integer, engine text, OUT way text, OUT staged text, OUT digest text)
    LANGUAGE plpgsql AS $$
DECLARE message text; detail text;
BEGIN
    PERFORM set_config('datasurface.merge_engine', engine, true);
    PERFORM datasurface.ds_ingest(store, batch);
    EXECUTE format($q$
        SELECT string_agg(DISTINCT w, ' '), concat_ws(' ', count(*), 'rows',
                CASE WHEN count(*) > 0 THEN 'by '
                    || (max(ds_surf_arrival) - min(ds_surf_arrival)) / greatest(count(*) - 1, 1) END,
                left(string_agg(k || '=' || coalesce(v::text, 'NULL'), ' ' ORDER BY ds_surf_arrival), 40),
                CASE WHEN coalesce(max(ds_surf_arrival), 0) <> (SELECT last_arrival
                    FROM datasurface.batch_dataset d JOIN datasurface.stream s USING (stream_id)
                    WHERE s.name = %1$L AND d.batch_id = %2$s) THEN 'WRONG LAST ARRIVAL' END),
            md5(string_agg(concat_ws('-', k, v::text, v IS NULL), ' ' ORDER BY ds_surf_arrival))
                FROM %1$I.t_staging$q$, store, batch) INTO way, staged, digest;
EXCEPTION WHEN OTHERS THEN
    GET STACKED DIAGNOSTICS message = MESSAGE_TEXT, detail = PG_EXCEPTION_DETAIL;
    staged := left(SQLSTATE || ': ' || message, 80);
    -- but for the arrival
    digest := regexp_replace(detail, '\(\d+, ', '(');
END $$;
CREATE TEMP TABLE outcomes (n integer, name text, engine text, way text, staged text, digest text,
    PRIMARY KEY (n, engine));
DO $$ DECLARE c record; b integer; e text;
BEGIN
    FOR c IN SELECT n, name, 'pull_' || name AS store FROM cases ORDER BY n LOOP
        b := datasurface.ds_start_batch(c.store);
        FOREACH e IN ARRAY '{sql,native,auto}'::text[] LOOP
            ALTER SEQUENCE pull_source.own RESTART;
            INSERT INTO outcomes SELECT c.n, c.name, e, s.* FROM pg_temp.stage(c.store, b, e) s;
            PERFORM datasurface.ds_reset_batch(c.store, b);
        END LOOP;
    END LOOP;
END $$;
-- the same under each setting
SELECT name, array_agg(DISTINCT concat_ws(' ', staged, digest)) AS differ FROM outcomes
GROUP BY n, name HAVING count(DISTINCT (staged, regexp_replace(digest, 'INSERT|straight', 'either'))) > 1 ORDER BY n;
SELECT o.name, o.way AS sql, p.way AS native, CASE WHEN a.way IS DISTINCT FROM p.way THEN a.way END AS auto, o.staged,
    CASE WHEN o.staged !~ 'rows' THEN p.digest END AS detail
FROM outcomes o JOIN outcomes p USING (n) JOIN outcomes a USING (n)
    WHERE o.engine = 'sql' AND p.engine = 'native' AND a.engine = 'auto' ORDER BY n;
SELECT count(*) FROM pull_source.log;

-- rows that lie in the query's table as they are to lie in the staging table, and rows that nearly do
SELECT scene.list(scene.store('pull_' || name, scene.dataset('t', columns, query), '{"owner": "regress_pull"}'))
    AS stores
    FROM (SELECT string_agg(attname || ' ' || format_type(atttypid, NULL), ', ' ORDER BY attnum) AS columns
        FROM pg_attribute WHERE attrelid = 'pull_source.exact'::regclass AND attnum > 0) c,
        (VALUES ('parts', 'TABLE pull_source.parts'), ('filtered', 'SELECT * FROM pull_source.parts WHERE k % 3 > 0'),
        ('swap', 'SELECT k, w AS v, v AS w, d, a, n, b, x AS t, t AS x, y FROM pull_source.exact'),
        ('union', 'TABLE pull_source.plain UNION ALL TABLE pull_source.exact UNION ALL TABLE pull_source.swapped'),
        ('memory', 'SELECT g.n AS k, repeat(md5(g.n::text), 5000) AS v, w, d, a, e.n, b, t, x, pull_source.collected() AS y
            FROM pull_source.exact e, generate_series(1, 300) g(n) WHERE k = 5')) q(name, query) \gset
CALL scene.make(:'stores');
CREATE FUNCTION pg_temp.staged(store text, engine text) RETURNS TABLE (rows bigint, digest text) LANGUAGE plpgsql AS $$
BEGIN
    PERFORM set_config('datasurface.merge_engine', engine, true);
    PERFORM datasurface.ds_start_batch(store, 'run');
    PERFORM datasurface.ds_ingest(store, 1);
    RETURN QUERY EXECUTE format('SELECT count(*), sum(pg_column_size(r.v)) || md5(string_agg('
        '(to_jsonb(r) - ''ds_surf_arrival'')::text, '' '' ORDER BY ds_surf_arrival)) FROM %I.t_staging r', store);
    PERFORM datasurface.ds_reset_batch(store, 1);
END $$;
SELECT name, s.rows, n.rows, s.digest = n.digest AS same
    FROM unnest('{parts,filtered,swap,union}'::text[]) name, pg_temp.staged('pull_' || name, 'sql') s,
    pg_temp.staged('pull_' || name, 'native') n;
-- what is staged holds its values itself
BEGIN;
SELECT datasurface.ds_ingest('pull_union', 1);
TRUNCATE pull_source.swapped;
SELECT k, length(v) AS v, length(w) AS w FROM pull_union.t_staging WHERE length(w) > 1000 ORDER BY k;
ROLLBACK;
SELECT datasurface.ds_run('pull_parts');
SELECT count(*) FROM (SELECT k, v, w, d, a, n, b, t, x, y FROM pull_parts.t EXCEPT TABLE pull_source.parts) x;
SELECT k, left(v, 5) AS v, length(v) AS long, left(w, 5) AS w, d, a, n, b, left(t, 2) AS t, x, y
    FROM pull_parts.t WHERE k < 30 ORDER BY k;

-- of large values few rows are collected before they are written
SELECT datasurface.ds_run('pull_memory');
SELECT count(*), max(y) BETWEEN 100000 AND 2000000 AS bounded FROM pull_memory.t;

-- an attempt that fails after rows were written leaves none of them; the next one is whole, and so is the one after it
SELECT datasurface.ds_run('pull_fails');
SELECT error_step, error_sqlstate, error_message FROM datasurface.batches WHERE stream = 'pull_fails';
SELECT count(*) FROM pull_fails.t_staging;
DELETE FROM pull_source.many WHERE n = 300;
SELECT datasurface.ds_run('pull_fails');
INSERT INTO pull_source.many VALUES (2000, 'new');
SELECT datasurface.ds_run('pull_fails');
SELECT staged, inserted, updated, deleted, unchanged, engine FROM datasurface.batch_datasets
    WHERE stream = 'pull_fails' ORDER BY batch;
SELECT count(*), min(w), max(w) FROM pull_fails.t;

SET client_min_messages = warning;
DROP OWNED BY regress_pull CASCADE;
DROP SCHEMA pull_source CASCADE;
DROP ROLE regress_pull;
