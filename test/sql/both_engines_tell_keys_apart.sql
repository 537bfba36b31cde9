-- Both engines tell keys apart alike: domains whose base has a length, keys that differ where the hash function of
-- their type does not look, equal keys that are stored differently, and rows that number their arrival themselves.
\set SHOW_CONTEXT never
CREATE SCHEMA telling;
CREATE DOMAIN telling.code AS char(4);
CREATE DOMAIN telling.flags AS bit(3);
CREATE DOMAIN telling.price AS numeric;
CREATE TYPE telling.pair AS (a numeric, b interval);
CREATE TYPE telling.words AS (a integer, b tsvector);
CREATE TYPE telling.kept AS (a integer[], b bigint);
CREATE DOMAIN telling.kept_too AS telling.kept;
CREATE TYPE telling.pattern AS RANGE (subtype = text, subtype_opclass = text_pattern_ops);
CREATE TEMP TABLE cases (n integer GENERATED ALWAYS AS IDENTITY, store text, type text, first text[], second text[]);
INSERT INTO cases (store, type, first, second) VALUES
    ('code', 'telling.code', '{ab,ac,b}', '{"ab ",ac,A}'), ('flags', 'telling.flags', '{100,101}', '{101,111}'),
    ('price', 'telling.price', '{1,2.5,0}', '{1.0,2.5,0.00}'), ('bpchar', 'bpchar', '{"a ",ab}', '{a,ab}'),
    ('pair', 'telling.pair', '{"(1,1 day)","(2,)"}', '{"(1.0,24:00)","(2,)"}'),
    ('float', 'real', '{0,NaN,1}', '{-0,NaN,1.0}'),
    ('bounds', 'integer[]', '{"{1,2}","{3}"}', '{"{1,2}","[0:1]={1,2}"}'),
    ('shifted', 'integer[]', '{"{1,2}","{3}"}', '{"[0:1]={1,2}","{3}"}'),
    ('infinite', 'numeric', '{NaN,Infinity,1}', '{NaN,-Infinity,1.0}'),
    ('opposite', 'numeric', '{Infinity,1}', '{-Infinity,1}'),
    ('words', 'telling.words', '{"(1,a)","(2,b)"}', '{"(1,a)","(2,b c)"}'),
    ('sign', 'numeric', '{1,-1,2}', '{-1.0,2,-2}'),
    ('dimensions', 'text[]', '{"{a,b}","{{a},{b}}"}', '{"{{a,b}}","{{a},{b}}"}'),
    ('json', 'jsonb', '{"[[1], 2]","[[1, 2]]",1,[1]}', '{"[[1.0], 2]","[[1, -2]]",-1,[1]}'),
    ('long', 'interval', '{-1 us,1 day}', '{4294.967295 s,24:00}'),
    ('halves', 'bigint[]', '{"{-1}","{1,NULL}"}', '{"{4294967295}","{1,NULL}"}'),
    ('kept', 'telling.kept', '{"({1},1)","(,)"}', '{"([0:0]={1},1)","({NULL},)"}'),
    ('kept_too', 'telling.kept_too', '{"({1},-1)","({1},1)"}', '{"({1},4294967295)","({1},1)"}'),
    ('ranges', 'numrange', '{empty,"(,)","[1,2)"}', '{"[-1,2)","(,)","[1.0,2)"}'),
    ('multi', 'nummultirange', '{"{}","{[1,2)}"}', '{"{[-1,2)}","{[1.0,2)}"}'),
    ('bits', 'bit varying[]', '{"{1}","{10}"}', '{"{1}","{1,0}"}'),
    ('pattern', 'telling.pattern', '{empty,"[a,b)"}', '{"[a,c)","[a,b)"}');
SELECT scene.list(scene.store('telling_' || store || '_' || engine,
    scene.dataset('t', 'v integer, k ' || type, key => 'k',
    milestoned => true, more => '{"duplicate_keys": "last"}'))) AS stores
        FROM cases, unnest('{auto,sql}'::text[]) engine \gset
CALL scene.make(:'stores');
-- merges these keys; what was done, by which engine, and why
CREATE FUNCTION pg_temp.merge(name text, setting text, type text, keys text[], OUT done text, OUT merged_by text,
    OUT versions text) LANGUAGE plpgsql AS $$
DECLARE
    in_store text := 'telling_' || name || '_' || setting;
    n integer := datasurface.ds_start_batch(in_store);
BEGIN
    PERFORM set_config('datasurface.merge_engine', setting, true);
    EXECUTE format('INSERT INTO %I.t_staging (k, v) SELECT key::%s, 1'
        ' FROM unnest($1) WITH ORDINALITY u(key, o) ORDER BY o', in_store, type) USING keys;
    PERFORM datasurface.ds_ingest(in_store, n, cardinality(keys));
    SELECT concat_ws('/', inserted, updated, deleted, unchanged) INTO done
        FROM datasurface.ds_merge_staging(in_store, n);
    SELECT concat_ws(', ', engine, engine_reason) INTO merged_by FROM datasurface.batch_datasets b
        WHERE b.stream = in_store AND b.batch = n;
    EXECUTE format('SELECT string_agg(concat_ws('' '', ds_surf_batch_in, nullif(ds_surf_batch_out, 2147483647),'
        ' quote_literal(concat(k))), '', '' ORDER BY k, ds_surf_batch_in)'
        ' FROM (TABLE %1$I.t UNION ALL TABLE %1$I.t_history) x', in_store) INTO versions;
END $$;
SELECT store, a.merged_by, a.done, a.done = s.done AS same, a.versions = s.versions AS same_rows
FROM cases, pg_temp.merge(store, 'auto', type, first) a, pg_temp.merge(store, 'sql', type, first) s ORDER BY n;
SELECT store, a.merged_by, a.done, a.done = s.done AS same, a.versions, a.versions = s.versions AS same_rows
FROM cases, pg_temp.merge(store, 'auto', type, second) a, pg_temp.merge(store, 'sql', type, second) s ORDER BY n;
-- two spellings of a key in one batch: the last to arrive counts
SELECT store, a.merged_by, a.done, a.done = s.done AS same, a.versions = s.versions AS same_rows
FROM cases, pg_temp.merge(store, 'auto', type, first || second) a, pg_temp.merge(store, 'sql', type, first || second) s
    ORDER BY n;

-- who arrives by a number of his own: none is lost, zero or less than that
CREATE FUNCTION pg_temp.merge_numbered(setting text, VARIADIC rows integer[]) RETURNS text LANGUAGE plpgsql AS $$
DECLARE
    in_store text := 'telling_float_' || setting;
    n integer := datasurface.ds_start_batch(in_store);
    result text;
BEGIN
    PERFORM set_config('datasurface.merge_engine', setting, true);
    EXECUTE format('INSERT INTO %I.t_staging (ds_surf_arrival, k, v) OVERRIDING SYSTEM VALUE'
        ' SELECT $1[i], $1[i + 1], $1[i + 2] FROM generate_series(1, cardinality($1), 3) i', in_store) USING rows;
    PERFORM datasurface.ds_ingest(in_store, n, cardinality(rows) / 3);
    PERFORM count(*) FROM datasurface.ds_merge_staging(in_store, n);
    EXECUTE format('SELECT string_agg(concat_ws('' '', k, v), '', '' ORDER BY k) FROM %I.t', in_store) INTO result;
    RETURN result;
END $$;
SELECT pg_temp.merge_numbered('auto', 0, 5, 1, 0, 5, 2, -1, 6, 3, -2, 6, 4, 7, 8, 9),
    pg_temp.merge_numbered('sql', 0, 5, 1, 0, 5, 2, -1, 6, 3, -2, 6, 4, 7, 8, 9);

-- 15.0 to 15.4 call equal intervals equal by image, and clusters that they made have it in their catalog
BEGIN;
CREATE FUNCTION telling.equal_by_image(type oid) RETURNS boolean LANGUAGE sql IMMUTABLE AS 'SELECT true';
ALTER OPERATOR FAMILY pg_catalog.interval_ops
    USING btree ADD FUNCTION 4 (interval, interval) telling.equal_by_image(oid);
SELECT a.merged_by, a.done, a.versions FROM pg_temp.merge('long', 'auto', 'interval', '{1 day,1 mon}') a;
SELECT a.merged_by, a.done, a.versions FROM pg_temp.merge('long', 'auto', 'interval', '{24:00,30 days}') a;
ROLLBACK;
