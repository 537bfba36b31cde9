-- Keys whose digests collide are told apart under another seed. Where they collide under that one too, the sql engine
-- merges, and the batch says why.
\set SHOW_CONTEXT never
CREATE SCHEMA seeds;
-- an integer whose author wrote the hash function: all keys have one hash under the seeds that it counts as bad
CREATE TYPE seeds.number;
SET client_min_messages = warning; -- that it is a shell yet, said in other words by each version
CREATE FUNCTION seeds.number_in(cstring) RETURNS seeds.number LANGUAGE internal IMMUTABLE STRICT AS 'int4in';
CREATE FUNCTION seeds.number_out(seeds.number) RETURNS cstring LANGUAGE internal IMMUTABLE STRICT AS 'int4out';
CREATE TYPE seeds.number (INPUT = seeds.number_in, OUTPUT = seeds.number_out, LIKE = integer);
RESET client_min_messages;
CREATE CAST (seeds.number AS integer) WITHOUT FUNCTION;
CREATE FUNCTION seeds.eq(seeds.number, seeds.number) RETURNS boolean LANGUAGE internal IMMUTABLE STRICT AS 'int4eq';
CREATE FUNCTION seeds.lt(seeds.number, seeds.number) RETURNS boolean LANGUAGE internal IMMUTABLE STRICT AS 'int4lt';
CREATE FUNCTION seeds.le(seeds.number, seeds.number) RETURNS boolean LANGUAGE internal IMMUTABLE STRICT AS 'int4le';
CREATE FUNCTION seeds.gt(seeds.number, seeds.number) RETURNS boolean LANGUAGE internal IMMUTABLE STRICT AS 'int4gt';
CREATE FUNCTION seeds.ge(seeds.number, seeds.number) RETURNS boolean LANGUAGE internal IMMUTABLE STRICT AS 'int4ge';
CREATE FUNCTION seeds.cmp(seeds.number, seeds.number) RETURNS integer LANGUAGE internal IMMUTABLE STRICT AS 'btint4cmp';
CREATE FUNCTION seeds.hash(seeds.number) RETURNS integer LANGUAGE internal IMMUTABLE STRICT AS 'hashint4';
CREATE OPERATOR seeds.= (LEFTARG = seeds.number, RIGHTARG = seeds.number, FUNCTION = seeds.eq,
    COMMUTATOR = OPERATOR(seeds.=), HASHES, MERGES);
CREATE OPERATOR seeds.< (LEFTARG = seeds.number, RIGHTARG = seeds.number, FUNCTION = seeds.lt);
CREATE OPERATOR seeds.<= (LEFTARG = seeds.number, RIGHTARG = seeds.number, FUNCTION = seeds.le);
CREATE OPERATOR seeds.> (LEFTARG = seeds.number, RIGHTARG = seeds.number, FUNCTION = seeds.gt);
CREATE OPERATOR seeds.>= (LEFTARG = seeds.number, RIGHTARG = seeds.number, FUNCTION = seeds.ge);
CREATE OPERATOR CLASS seeds.number_ops DEFAULT FOR TYPE seeds.number USING btree AS OPERATOR 1 seeds.<,
    OPERATOR 2 seeds.<=, OPERATOR 3 seeds.=, OPERATOR 4 seeds.>, OPERATOR 5 seeds.>=,
    FUNCTION 1 seeds.cmp(seeds.number, seeds.number);
-- remembers each seed that it is asked with
CREATE FUNCTION seeds.hash(key seeds.number, seed bigint) RETURNS bigint LANGUAGE plpgsql AS $$
DECLARE
    seen text[] := current_setting('seeds.seen', true);
BEGIN
    IF seed::text <> ALL (seen) THEN
        seen := seen || seed::text;
        PERFORM set_config('seeds.seen', seen::text, false);
    END IF;
    RETURN CASE WHEN array_position(seen, seed::text) > current_setting('seeds.bad')::integer
        THEN hashint8extended(key::integer, seed) ELSE 0 END;
END $$;
CREATE OPERATOR CLASS seeds.number_ops DEFAULT FOR TYPE seeds.number USING hash AS OPERATOR 1 seeds.=,
    FUNCTION 1 seeds.hash(seeds.number), FUNCTION 2 (seeds.number, seeds.number) seeds.hash(seeds.number, bigint);

SELECT scene.list(scene.store('seeds_' || s, scene.dataset('t', 'k seeds.number, v text', more => m))) AS stores
    FROM (VALUES ('error', '{}'::jsonb), ('last', '{"duplicate_keys": "last"}')) stores(s, m) \gset
CALL scene.make(:'stores');
-- merges rows, with as many bad seeds
CREATE FUNCTION pg_temp.merge(store text, bad integer, VARIADIC pairs text[],
    OUT merged_by text, OUT "inserted/updated/deleted/unchanged" text, OUT rows text) LANGUAGE plpgsql AS $$
DECLARE
    n integer := datasurface.ds_start_batch(store);
BEGIN
    PERFORM set_config('seeds.bad', bad::text, false), set_config('seeds.seen', '{}', false);
    EXECUTE format('INSERT INTO %I.t_staging (k, v) SELECT split_part(p, ''='', 1)::seeds.number, split_part(p, ''='', 2)'
        ' FROM unnest($1) WITH ORDINALITY u(p, o) ORDER BY o', store) USING pairs;
    PERFORM datasurface.ds_ingest(store, n, cardinality(pairs));
    SELECT concat_ws('/', inserted, updated, deleted, unchanged) INTO "inserted/updated/deleted/unchanged"
        FROM datasurface.ds_merge_staging(store, n);
    SELECT concat_ws(', ', engine, engine_reason) INTO merged_by
        FROM datasurface.batch_datasets b WHERE b.stream = store AND b.batch = n;
    EXECUTE format('SELECT string_agg(k || ''='' || v, '' '' ORDER BY k) FROM %I.t', store) INTO rows;
END $$;
SELECT * FROM pg_temp.merge('seeds_error', 0, '1=a', '2=b', '3=c');
-- no seed is bad; the load before compared nothing
SELECT * FROM pg_temp.merge('seeds_error', 0, '1=a', '2=B', '4=d');
-- two rows of the merge table collide
SELECT * FROM pg_temp.merge('seeds_error', 1, '1=A', '2=B', '5=e');
SELECT * FROM pg_temp.merge('seeds_error', 2, '1=A', '2=b', '6=f');
-- one row of each table collides with the other
SELECT * FROM pg_temp.merge('seeds_error', 0, '7=g');
SELECT * FROM pg_temp.merge('seeds_error', 1, '8=g');
SELECT * FROM pg_temp.merge('seeds_error', 2, '9=g');
-- staged rows collide, where the last of one key counts
SELECT * FROM pg_temp.merge('seeds_last', 0, '1=a', '2=b');
SELECT * FROM pg_temp.merge('seeds_last', 1, '1=a', '1=A', '2=b', '3=c');
SELECT * FROM pg_temp.merge('seeds_last', 2, '1=a', '2=B', '2=bb', '4=d');
-- the native engine alone
SET datasurface.merge_engine = native;
SELECT * FROM pg_temp.merge('seeds_error', 2, '1=a'); -- fails
RESET datasurface.merge_engine;
-- a delete of a key that collides with another one takes no row along
CALL scene.make(scene.store('seeds_delta', scene.dataset('t', 'k seeds.number, v text',
    more => '{"ingestion": {"kind": "push", "rows": "delta"}}')));
SET random_page_cost = 1000000; -- the merge table is read
SELECT * FROM pg_temp.merge('seeds_delta', 0, '1=a', '2=b');
CREATE FUNCTION pg_temp.delete(bad integer, key integer) RETURNS TABLE (merged_by text, deleted bigint, unchanged bigint, rows text)
    LANGUAGE plpgsql AS $$
DECLARE
    n integer := datasurface.ds_start_batch('seeds_delta');
BEGIN
    PERFORM set_config('seeds.bad', bad::text, false), set_config('seeds.seen', '{}', false);
    INSERT INTO seeds_delta.t_staging (k, ds_surf_deleted) VALUES (key::text::seeds.number, true);
    PERFORM datasurface.ds_ingest('seeds_delta', n, 1);
    PERFORM datasurface.ds_merge_staging('seeds_delta', n);
    RETURN QUERY SELECT b.engine || CASE WHEN b.looked_up THEN ', looked up' ELSE '' END, b.deleted, b.unchanged,
        (SELECT string_agg(t.k || '=' || t.v, ' ' ORDER BY t.k) FROM seeds_delta.t t)
        FROM datasurface.batch_datasets b WHERE b.stream = 'seeds_delta' AND b.batch = n;
END $$;
SELECT * FROM pg_temp.delete(1, 3);
SELECT * FROM pg_temp.delete(1, 2);
SELECT * FROM pg_temp.delete(2, 1);
RESET random_page_cost;
