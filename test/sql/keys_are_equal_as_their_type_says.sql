-- Keys match as their type says they are equal; values change when they differ as stored. So a key may be the same and
-- be written anew: 1.0 and 1.00 are one key in two spellings.
CREATE EXTENSION IF NOT EXISTS citext SCHEMA public;
CREATE SCHEMA keys_source;
CREATE COLLATION keys_source.any_case (provider = icu, locale = 'und-u-ks-level2', deterministic = false);
CREATE DOMAIN keys_source.name AS text COLLATE keys_source.any_case;
CREATE DOMAIN keys_source.code AS text COLLATE "C";
CREATE TYPE keys_source.colour AS ENUM ('red', 'green');
CREATE TYPE keys_source.pair AS (x integer, y text);
SELECT scene.list(scene.store('keys_' || n, scene.dataset('t', 'k ' || t || ', v text', milestoned => true))) AS stores
    FROM (VALUES ('numeric', 'numeric'), ('citext', 'public.citext'), ('char', 'char(5)'),
        ('collated', 'keys_source.name'),
        ('float', 'double precision'), ('enum', 'keys_source.colour'), ('pair', 'keys_source.pair'),
        ('array', 'numeric[]'), ('interval', 'interval'), ('bytea', 'bytea'), ('bool', 'boolean'), ('name', 'name'),
        ('range', 'numrange'), ('varchar', 'varchar(10)'), ('jsonb', 'jsonb'), ('uuid', 'uuid'),
        ('timestamptz', 'timestamp(3) with time zone'), ('inet', 'inet'), ('bit', 'varbit')) types(n, t) \gset
CALL scene.make(:'stores');
-- a batch of keys; the keys that the merge table has then, and the counts
CREATE FUNCTION pg_temp.batch(store text, VARIADIC spelt text[]) RETURNS text LANGUAGE plpgsql AS $$
DECLARE
    n integer := datasurface.ds_start_batch(store);
    type text := (SELECT format_type(atttypid, atttypmod)
        FROM pg_attribute WHERE attrelid = (store || '.t')::regclass AND attname = 'k');
    result text;
BEGIN
    EXECUTE format('INSERT INTO %I.t_staging (k, v) SELECT key::%s, ''v'''
        ' FROM unnest($1) WITH ORDINALITY u(key, o) ORDER BY o', store, type) USING spelt;
    PERFORM datasurface.ds_ingest(store, n, cardinality(spelt));
    SELECT concat_ws('/', inserted, updated, deleted, unchanged) INTO result
        FROM datasurface.ds_merge_staging(store, n);
    RETURN result;
END $$;
CREATE FUNCTION pg_temp.keys(store text) RETURNS text LANGUAGE plpgsql AS $$
DECLARE result text;
BEGIN
    EXECUTE format('SELECT string_agg(quote_literal(k::text), '', '' ORDER BY k) FROM %I.t', store) INTO result;
    RETURN result;
END $$;
SELECT pg_temp.batch('keys_numeric', '1.0', '2', 'NaN'),
    pg_temp.batch('keys_numeric', '1.00', '2', 'NaN') AS "inserted/updated/deleted/unchanged";
SELECT k, ds_surf_batch_in FROM keys_numeric.t ORDER BY k;
SELECT k, ds_surf_batch_in, ds_surf_batch_out FROM keys_numeric.t_history;
-- each type: some rows, then the same rows spelt otherwise. What is the same value stored otherwise is an update; what
-- the type's input makes the same is no change
CREATE TEMP TABLE spellings (n integer GENERATED ALWAYS AS IDENTITY, store text, first text[], second text[]);
INSERT INTO spellings (store, first, second) VALUES
    ('keys_citext', '{abc,DEF}', '{ABC,DEF}'), ('keys_char', '{ab,"x  y "}', '{"ab ","x  y"}'),
    ('keys_collated', '{abc,DEF}', '{ABC,DEF}'), ('keys_float', '{0,NaN,Infinity,1e300}', '{-0,NaN,Infinity,1e300}'),
    ('keys_enum', '{red,green}', '{green,red}'), ('keys_pair', '{"(1,a)","(2,)"}', '{"(1,a)","(2,)"}'),
    ('keys_array', '{"{1.0,2}","{}"}', '{"{1.00,2}","{}"}'), ('keys_interval', '{24 hours,1 mon}', '{1 day,30 days}'),
    ('keys_bytea', '{"\\x00","\\x0001"}', '{"\\x00","\\x0001"}'), ('keys_bool', '{t,f}', '{true,false}'),
    ('keys_name', '{a,b}', '{b,a}'), ('keys_range', '{"[1,2)",empty}', '{"[1.0,2)",empty}'),
    ('keys_varchar', '{a,"a "}', '{"a ",a}'), ('keys_jsonb', '{"{\"a\":1}","[1.0]"}', '{"{\"a\": 1}","[1.00]"}'),
    ('keys_uuid', '{a0eebc999c0b4ef8bb6d6bb9bd380a11}', '{A0EEBC99-9C0B-4EF8-BB6D-6BB9BD380A11}'),
    ('keys_timestamptz', '{2026-01-01 00:00:00+00,infinity}', '{2026-01-01 02:00:00.0004+02,infinity}'),
    ('keys_inet', '{10.0.0.1,::1}', '{10.0.0.1/32,::1}'), ('keys_bit', '{101,1010}', '{1010,101}');
SELECT store, pg_temp.batch(store, VARIADIC first) AS inserted FROM spellings ORDER BY n;
CREATE TEMP TABLE spelt_first AS SELECT store, pg_temp.keys(store) AS keys FROM spellings;
SELECT store, pg_temp.batch(store, VARIADIC second) AS "inserted/updated/deleted/unchanged" FROM spellings ORDER BY n;
SELECT store, f.keys AS first, pg_temp.keys(store) AS then FROM spellings JOIN spelt_first f USING (store) ORDER BY n;
-- equal in another spelling is a duplicate
CREATE FUNCTION pg_temp.complaint(store text, VARIADIC keys text[]) RETURNS text LANGUAGE plpgsql AS $$
DECLARE detail text;
BEGIN
    PERFORM pg_temp.batch(store, VARIADIC keys);
    RETURN 'none';
EXCEPTION WHEN SQLSTATE 'SF020' THEN
    GET STACKED DIAGNOSTICS detail = PG_EXCEPTION_DETAIL;
    RETURN SQLERRM || ' ' || detail;
END $$;
SELECT pg_temp.complaint('keys_numeric', '1.0', '1.00');
SELECT pg_temp.complaint('keys_citext', 'abc', 'ABC');
SELECT pg_temp.complaint('keys_char', 'a', 'a ');
SELECT pg_temp.complaint('keys_collated', 'abc', 'aBc');
SELECT pg_temp.complaint('keys_float', '0', '-0');
SELECT pg_temp.complaint('keys_float', 'NaN', 'NaN');
SELECT pg_temp.complaint('keys_interval', '1 day', '24:00');
SELECT pg_temp.complaint('keys_varchar', 'a', 'a ');

-- two columns of different collations in one key, and the rows of a pair are not run together
CALL scene.make(scene.store('keys_two', scene.dataset('t', 'a keys_source.code, b keys_source.name, v integer',
    key => 'b, a', milestoned => true)));
SELECT datasurface.ds_start_batch('keys_two');
INSERT INTO keys_two.t_staging (a, b, v) VALUES ('1', '23', 1), ('12', '3', 2), ('x', 'y', 3), ('X', 'y', 4);
SELECT datasurface.ds_ingest('keys_two', 1, 4);
SELECT * FROM datasurface.ds_merge_staging('keys_two', 1);
SELECT datasurface.ds_start_batch('keys_two');
INSERT INTO keys_two.t_staging (a, b, v) VALUES ('1', '23', 1), ('12', '3', 2), ('x', 'Y', 3);
SELECT datasurface.ds_ingest('keys_two', 2, 3);
SELECT * FROM datasurface.ds_merge_staging('keys_two', 2);
SELECT datasurface.ds_start_batch('keys_two');
INSERT INTO keys_two.t_staging (a, b, v) VALUES ('x', 'Y', 3), ('x', 'y', 3), ('12', 'Q', 2), ('12', 'q', 2);
SELECT datasurface.ds_ingest('keys_two', 3, 4);
SELECT * FROM datasurface.ds_merge_staging('keys_two', 3); -- fails: two keys twice
\echo :SQLSTATE
