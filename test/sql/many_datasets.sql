-- Work on a model is linear in its datasets and sinks: a call that has twice as many of them reads twice as many rows of our tables. A
-- loop over all for each of them would read four times as many. Then 20,000 at once, in a time that such a loop exceeds by far.
SELECT current_database() AS regress_database \gset
CREATE DATABASE many_datasets;
\c many_datasets
SET client_min_messages = error;
CREATE EXTENSION datasurface;
CREATE ROLE regress_many;
GRANT CREATE ON DATABASE many_datasets TO regress_many;
GRANT EXECUTE ON FUNCTION datasurface.ds_reconcile_schema TO regress_many;
-- A store with datasets of such numbers, and a workspace that reads them all. Names do not compress, so that a long definition lies in
-- pieces.
CREATE FUNCTION many(store text, first integer, last integer) RETURNS text RETURN (
    SELECT format('{"stores": [{"name": "%1$s", "description": "d", "consistency": "single",
                                "consumers": [{"workspace": "%1$s_desk"}], "datasets": [%2$s]}],
                    "workspaces": [{"name": "%1$s_desk", "description": "d", "owner": "regress_many",
                                    "groups": [{"name": "g", "description": "d", "sinks": [%3$s]}]}]}', store,
                  string_agg(format('{"name": "d%s", "description": "d", "primary_key": ["id"], "ingestion": {"kind": "push"},
                                      "columns": [{"name": "id", "type": "integer", "description": "d"}]}', md5(n::text)), ','),
                  string_agg(format('{"store": "%s", "dataset": "d%s"}', store, md5(n::text)), ','))
    FROM generate_series(first, last) n);
CREATE FUNCTION reads(OUT rows numeric, OUT pieces numeric) LANGUAGE sql AS $$
    SELECT sum(coalesce(seq_tup_read, 0) + coalesce(idx_tup_fetch, 0)) FILTER (WHERE relname !~ '^pg_toast'),
           sum(coalesce(idx_tup_fetch, 0)) FILTER (WHERE relname ~ '^pg_toast')
    FROM pg_stat_xact_all_tables
    WHERE schemaname = 'datasurface'
       OR relid IN (SELECT reltoastrelid FROM pg_class WHERE relnamespace = 'datasurface'::regnamespace)
$$;
CREATE TABLE counted (call integer GENERATED ALWAYS AS IDENTITY, what text, size text, rows numeric, pieces numeric);
-- in one transaction: counts go into the statistics between two
CREATE PROCEDURE count_reads(what text, size text, call text) LANGUAGE plpgsql AS $$
DECLARE
    before record := reads();
    after record;
BEGIN
    EXECUTE call;
    after := reads();
    INSERT INTO counted (what, size, rows, pieces) VALUES (what, size, after.rows - before.rows, after.pieces - before.pieces);
END $$;

CALL count_reads('load', 'small', $$SELECT datasurface.ds_load_model(many('small', 1, 40), replace => false)$$);
CALL count_reads('load', 'large', $$SELECT datasurface.ds_load_model(many('large', 1, 80), replace => false)$$);
CALL count_reads('change', 'small', $$SELECT datasurface.ds_load_model(many('small', 2, 40), replace => false)$$);
CALL count_reads('change', 'large', $$SELECT datasurface.ds_load_model(many('large', 2, 80), replace => false)$$);
CALL count_reads('reconcile', 'small', $$SELECT count(*) FROM datasurface.ds_reconcile_schema('small')$$);
CALL count_reads('reconcile', 'large', $$SELECT count(*) FROM datasurface.ds_reconcile_schema('large')$$);
CALL count_reads('nothing to do', 'small', $$SELECT count(*) FROM datasurface.ds_reconcile_schema('small')$$);
CALL count_reads('nothing to do', 'large', $$SELECT count(*) FROM datasurface.ds_reconcile_schema('large')$$);
SELECT what, round(max(rows) FILTER (WHERE size = 'large') / max(rows) FILTER (WHERE size = 'small'), 1) < 2.5 AS rows_are_linear,
       max(pieces) FILTER (WHERE size = 'large') < 40 AS definitions_are_read_once
FROM counted GROUP BY what ORDER BY min(call);

-- a store that is loaded beside them: nothing else is read, for no store or workspace has its schema, and no sink shows it
BEGIN;
SELECT cardinality(warnings) FROM datasurface.ds_load_model(scene.model(scene.store('beside', scene.dataset('d'))), replace => false);
SELECT seq_tup_read + idx_tup_fetch AS parts_read FROM pg_stat_xact_all_tables WHERE relid = 'datasurface.model_part'::regclass;
ROLLBACK;

SET statement_timeout = '90s';
SELECT cardinality(warnings) FROM datasurface.ds_load_model(many('many', 1, 20000), replace => false);
-- a sink whose dataset has no tables yet fails
SET ROLE regress_many;
SELECT count(*), action, max(error) FROM datasurface.ds_reconcile_schema() WHERE object LIKE '"many_desk".%' GROUP BY 2;
RESET ROLE;

\c :regress_database
DROP DATABASE many_datasets;
DROP ROLE regress_many;
