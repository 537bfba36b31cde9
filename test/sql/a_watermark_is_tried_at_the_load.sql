-- The marks of a dataset are tried in the database when the model is validated: the column and its type, deleted_when, the time zone,
-- and whether an index serves. Of a store with a source only what needs no table.
CREATE SCHEMA marked;
CREATE TABLE marked.small (id integer, changed timestamptz, "Changed" timestamptz, day date, local timestamp, no smallint, big bigint,
    price numeric, note text, gone boolean);
CREATE VIEW marked.seen AS TABLE marked.small;
CREATE TABLE marked.parts (id integer, changed timestamptz) PARTITION BY RANGE (id);
CREATE TABLE marked.part1 PARTITION OF marked.parts FOR VALUES FROM (0) TO (100000);
CREATE TABLE marked.part2 PARTITION OF marked.parts FOR VALUES FROM (100000) TO (200000);
CREATE FUNCTION pg_temp.verdict(mark text, read text DEFAULT '"from": "marked.small"', more jsonb DEFAULT '{}') RETURNS SETOF text
        LANGUAGE sql AS $$
    SELECT concat_ws(' ', severity, replace(pointer, '/stores/0/datasets/0/ingestion', ''), code || ': ' || message, '-> ' || hint)
    FROM datasurface.ds_validate_model(scene.model(scene.store('marked', scene.dataset('t', more => jsonb_build_object('ingestion',
        ('{"kind": "sql_watermark", ' || read || ', "watermark": {"full_every": "7d", ' || mark || '}}')::jsonb)), more)),
        replace => false)
$$;
-- columns that serve
SELECT mark, verdict FROM (VALUES ('"column": "changed", "type": "timestamptz", "overlap": "1min"'),
    ('"column": "Changed", "type": "timestamptz", "stamped_by": "transaction", "deleted_when": "gone"'),
    ('"column": "day", "type": "date", "overlap": "1d", "time_zone": "Europe/Zurich"'),
    ('"column": "local", "type": "timestamp", "overlap": "1d", "time_zone": "utc"'),
    ('"column": "no", "type": "integer", "overlap": 1, "deleted_when": "note LIKE ''x%'' AND id > 0"'),
    ('"column": "big", "type": "integer", "overlap": 1'), ('"type": "xmin", "deleted_when": "gone"')) m(mark),
    pg_temp.verdict(mark);
SELECT pg_temp.verdict('"column": "changed", "type": "timestamptz", "overlap": "1min", "deleted_when": "gone"',
    '"query": "SELECT id, changed, gone FROM marked.small;"');

-- and others
SELECT pg_temp.verdict('"column": "CHANGED", "type": "timestamptz", "overlap": "1min"');
SELECT pg_temp.verdict('"column": "changed", "type": "timestamptz", "overlap": "1min"', '"query": "SELECT id FROM marked.small"');
SELECT pg_temp.verdict('"column": "changed", "type": "timestamptz", "overlap": "1min"',
    '"query": "SELECT id, changed, day AS changed FROM marked.small"');
SELECT pg_temp.verdict('"column": "price", "type": "bigint", "overlap": 1');
SELECT pg_temp.verdict('"column": "local", "type": "timestamptz", "overlap": "1min"');
SELECT pg_temp.verdict('"type": "xmin"', '"from": "marked.seen"');
SELECT pg_temp.verdict('"column": "big", "type": "bigint", "overlap": 1, "deleted_when": ' || condition)
FROM (VALUES ('"note"'), ('"id > 0 AND nosuch"'), ('"gone) OR (true"'), ('"gone; DROP TABLE x"'), ('"max(id) > 1"')) c(condition);
SELECT pg_temp.verdict('"column": "day", "type": "date", "overlap": "1d", "time_zone": "Europe/Zürich"');

CREATE FOREIGN DATA WRAPPER marked_no_handler;
CREATE SERVER marked_server FOREIGN DATA WRAPPER marked_no_handler;
CREATE FOREIGN TABLE marked.far (id integer) SERVER marked_server;
SELECT pg_temp.verdict('"type": "xmin"', '"from": "marked.far"');
\set VERBOSITY terse
DROP FOREIGN DATA WRAPPER marked_no_handler CASCADE;

-- a table that cannot be read is told once
SELECT pg_temp.verdict('"column": "changed", "type": "timestamptz", "overlap": "1min", "deleted_when": "gone"', '"from": "marked.nosuch"');
-- what the query gives beside the mark is superfluous all the same
SELECT pg_temp.verdict('"column": "changed", "type": "timestamptz", "overlap": "1min"', '"query": "SELECT id, changed, day FROM marked.small"');

-- each window reads a table that is not indexed; a small one is no matter
INSERT INTO marked.small (id, note) SELECT i, repeat('x', 1000) FROM generate_series(1, 10000) i;
INSERT INTO marked.parts SELECT i, now() FROM generate_series(0, 199999) i;
\set mark '"column": "changed", "type": "timestamptz", "overlap": "1min"'
SELECT regexp_replace(pg_temp.verdict(:'mark'), '\d{4}', 'N');
SELECT pg_temp.verdict(:'mark', '"from": "marked.seen"');
SELECT pg_temp.verdict('"type": "xmin"');
CREATE INDEX ON marked.small (id, changed);
CREATE INDEX ON marked.small (changed) WHERE gone;
SELECT regexp_replace(pg_temp.verdict(:'mark'), '\d{4}', 'N');
CREATE INDEX ON marked.small (changed DESC, id);
SELECT pg_temp.verdict(:'mark');
SELECT regexp_replace(pg_temp.verdict(:'mark', '"from": "marked.parts"'), '\d{4}', 'N');
CREATE INDEX ON marked.parts (changed);
SELECT pg_temp.verdict(:'mark', '"from": "marked.parts"');

-- of a source nothing is asked
SELECT pg_temp.verdict('"column": "nosuch", "type": "date", "overlap": "1min", "time_zone": "Mars/Olympus", "deleted_when": "gone) OR (true"',
    more => '{"source": "nosuch"}');
DROP SCHEMA marked CASCADE;
