-- What a pull reads, and whether a value counts as changed, does not depend on the settings of whoever runs it.
CREATE SCHEMA regress_settings_source;
CREATE TABLE regress_settings_source.tagged (id integer, tags integer[]);
INSERT INTO regress_settings_source.tagged SELECT i, '{1}' FROM generate_series(1, 2000) i;
CREATE INDEX ON regress_settings_source.tagged USING gin (tags);
ANALYZE regress_settings_source.tagged;
CREATE TABLE regress_settings_source.named (id integer, c regclass);
INSERT INTO regress_settings_source.named VALUES (1, 'regress_settings_source.tagged');
-- searched: found by an index that may be told to give up early. read: text that is read by settings. named: names that
-- are quoted where they must be, or always. shown: where a locale other than C cannot be counted on, the settings
-- themselves
CALL scene.make(scene.store('regress_settings',
    scene.dataset('searched', query => 'SELECT id FROM regress_settings_source.tagged WHERE tags @> ''{1}''')
    || scene.dataset('read', 'id integer, words tsvector, moment timestamptz, bytes text',
        'SELECT 1 AS id, pg_catalog.to_tsvector(''the running dogs'') AS words,
            CAST(''2026-01-01 12:00 EST'' AS text)::timestamptz AS moment,
            xmlelement(name x, ''\x00ff''::text::bytea)::text AS bytes')
    || scene.dataset('named', 'id integer, c text', 'SELECT id, c::text AS c FROM regress_settings_source.named')
    || scene.dataset('shown', 'name text, value text',
        'SELECT name, pg_catalog.current_setting(name) AS value FROM pg_catalog.unnest(''{lc_monetary,lc_numeric,lc_time,
            timezone_abbreviations,default_text_search_config,gin_fuzzy_search_limit,xmlbinary,array_nulls,datestyle,
            intervalstyle,timezone,extra_float_digits,bytea_output,search_path,transform_null_equals,xmloption,
            standard_conforming_strings,row_security}''::text[]) AS name')));
SELECT datasurface.ds_run('regress_settings', 'run 1');
SELECT c FROM regress_settings.named;
SELECT name, value FROM regress_settings.shown ORDER BY name COLLATE "C";

SET enable_seqscan = off;
SET gin_fuzzy_search_limit = 5;
SET default_text_search_config = 'pg_catalog.english';
SET timezone_abbreviations = 'Australia';
SET lc_monetary = 'POSIX';
SET lc_numeric = 'POSIX';
SET lc_time = 'POSIX';
SET xmlbinary = hex;
SET array_nulls = off;
SET datestyle = 'German';
SET intervalstyle = 'iso_8601';
SET timezone = 'Asia/Tokyo';
SET extra_float_digits = 0;
SET bytea_output = 'escape';
SET transform_null_equals = on;
SET xmloption = document;
SET quote_all_identifiers = on;
SET search_path = regress_settings_source;
-- the settings bite
SELECT count(*) < 2000 AS fuzzy FROM tagged WHERE tags @> '{1}';
SELECT c::text FROM named;
SELECT to_tsvector('the running dogs') AS words,
    CAST('2026-01-01 12:00 EST' AS text)::timestamptz AT TIME ZONE 'GMT' AS moment;
SELECT datasurface.ds_run('regress_settings', 'run 2');
SELECT dataset, batch, staged, inserted, updated, deleted, unchanged FROM datasurface.batch_datasets
    WHERE stream = 'regress_settings' ORDER BY batch, dataset COLLATE "C";
-- and are the caller's again after it
SELECT current_setting('timezone_abbreviations') AS timezone_abbreviations, current_setting('lc_time') AS lc_time,
    current_setting('gin_fuzzy_search_limit') AS gin_fuzzy_search_limit;
