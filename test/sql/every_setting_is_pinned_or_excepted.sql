-- Each setting that could change what a batch reads or writes is pinned, or is on a list of exceptions with the reason.
-- A setting that a new version of PostgreSQL brings is on neither, and fails here.
CREATE TEMP TABLE pinned (name text PRIMARY KEY, other text NOT NULL);
INSERT INTO pinned VALUES
    ('array_nulls', 'off'), ('backslash_quote', 'on'), ('bytea_output', 'escape'), ('check_function_bodies', 'off'),
    ('composite_type_mismatch', 'warn'), ('DateStyle', 'German'), ('default_text_search_config', 'pg_catalog.english'),
    ('extra_float_digits', '0'), ('gin_fuzzy_search_limit', '5'), ('IntervalStyle', 'iso_8601'),
    ('lc_monetary', 'POSIX'), ('lc_numeric', 'POSIX'), ('lc_time', 'POSIX'), ('quote_all_identifiers', 'on'),
    ('restrict_nonsystem_relation_kind', 'view, foreign-table'), ('row_security', 'on'), ('search_path', 'public'),
    ('standard_conforming_strings', 'off'), ('synchronize_seqscans', 'on'), ('TimeZone', 'Asia/Tokyo'),
    ('timezone_abbreviations', 'Australia'), ('transform_null_equals', 'on'), ('xmlbinary', 'hex'),
    ('xmloption', 'document'), ('zero_damaged_pages', 'on');
CREATE TEMP TABLE excepted (name text PRIMARY KEY, reason text NOT NULL);
INSERT INTO excepted VALUES
    ('client_encoding', 'what travels between client and server; values in the server are in its own encoding'),
    ('client_min_messages', 'which messages the client gets'),
    ('createrole_self_grant', 'about CREATE ROLE only'),
    ('default_table_access_method', 'how a new table is stored, which is the choice of who reconciles'),
    ('default_tablespace', 'where a new table is stored, which is the choice of who reconciles'),
    ('default_toast_compression', 'how a value is stored; it is compared as what it is'),
    ('default_transaction_deferrable', 'a new transaction is the caller''s'),
    ('default_transaction_isolation', 'a new transaction is the caller''s; begin_work refuses what it cannot serve'),
    ('default_transaction_read_only', 'a new transaction is the caller''s'),
    ('dynamic_library_path', 'where libraries are found: a superuser''s choice for the server'),
    ('escape_string_warning', 'without effect where standard_conforming_strings is on'),
    ('event_triggers', 'a superuser''s choice, to get past a broken one'),
    ('extension_control_path', 'about CREATE EXTENSION only'),
    ('gin_pending_list_limit', 'when an index is tidied up'),
    ('icu_validation_level', 'about CREATE COLLATION and CREATE DATABASE only'),
    ('idle_in_transaction_session_timeout', 'ends the caller''s session between calls'),
    ('idle_session_timeout', 'ends the caller''s session between calls'),
    ('lc_messages', 'the language of messages, which the caller reads'),
    ('lo_compat_privileges', 'a superuser''s choice: rights on large objects'),
    ('lock_timeout', 'how long the caller wants to wait'),
    ('session_replication_role', 'a superuser''s choice: which triggers fire'),
    ('statement_timeout', 'how long the caller wants to wait'),
    ('temp_tablespaces', 'where temporary files are'),
    ('transaction_deferrable', 'the caller''s transaction'),
    ('transaction_isolation', 'the caller''s transaction; begin_work refuses what it cannot serve'),
    ('transaction_read_only', 'the caller''s transaction'),
    ('transaction_timeout', 'how long the caller wants to wait'),
    ('vacuum_failsafe_age', 'about VACUUM only'),
    ('vacuum_freeze_min_age', 'about VACUUM only'),
    ('vacuum_freeze_table_age', 'about VACUUM only'),
    ('vacuum_multixact_failsafe_age', 'about VACUUM only'),
    ('vacuum_multixact_freeze_min_age', 'about VACUUM only'),
    ('vacuum_multixact_freeze_table_age', 'about VACUUM only');
-- the categories are called the same in all versions
CREATE TEMP VIEW asked AS SELECT category, name FROM pg_settings
WHERE category IN ('Client Connection Defaults / Locale and Formatting',
    'Client Connection Defaults / Statement Behavior', 'Client Connection Defaults / Other Defaults',
                   'Version and Platform Compatibility / Previous PostgreSQL Versions',
                       'Version and Platform Compatibility / Other Platforms and Clients')
  AND context IN ('user', 'superuser');
SELECT category, count(*) > 0 AS has_some FROM asked GROUP BY category ORDER BY category COLLATE "C";
SELECT name AS neither FROM asked WHERE name NOT IN (SELECT name FROM pinned UNION ALL SELECT name FROM excepted);
SELECT name AS both FROM pinned JOIN excepted USING (name);

-- pinned they are: a pull sees the same values when all are set to something else
SELECT format('SELECT name, pg_catalog.current_setting(name, true) AS value FROM pg_catalog.unnest(%L::text[]) AS name',
    array_agg(name)) AS query FROM pinned JOIN pg_settings USING (name) \gset
CALL scene.make(scene.store('regress_pinned', scene.dataset('shown', 'name text, value text', :'query')));
SELECT datasurface.ds_run('regress_pinned');
SELECT name AS not_pinned FROM regress_pinned.shown JOIN pinned USING (name) WHERE value = other;
DO $$
DECLARE setting record;
BEGIN
    FOR setting IN SELECT p.* FROM pinned p JOIN pg_settings USING (name) LOOP
        PERFORM pg_catalog.set_config(setting.name, setting.other, false);
    END LOOP;
END $$;
SELECT datasurface.ds_run('regress_pinned', 'again');
-- and are the caller's again after it
CREATE TEMP TABLE afterwards AS SELECT name, pg_catalog.current_setting(name) AS value FROM pg_catalog.pg_settings;
RESET ALL;
SELECT name, value, other FROM afterwards JOIN pinned USING (name) WHERE replace(value, ', DMY', '') <> other;
SELECT batch, inserted = (SELECT count(*) FROM pinned JOIN pg_settings USING (name)) AS all_inserted, updated, deleted,
    unchanged = (SELECT count(*) FROM pinned JOIN pg_settings USING (name)) AS all_unchanged FROM datasurface.batches
        WHERE stream = 'regress_pinned' ORDER BY batch;
