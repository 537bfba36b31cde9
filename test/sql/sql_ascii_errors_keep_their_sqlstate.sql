-- A database with encoding SQL_ASCII holds bytes of which nobody knows the encoding. When an error names such a key,
-- what is recorded is that error, with its own SQLSTATE, and not one about bytes that are no text.
SELECT current_database() AS regress_database \gset
CREATE DATABASE regress_sql_ascii ENCODING 'SQL_ASCII' LOCALE 'C' TEMPLATE template0;
\c regress_sql_ascii
SET client_encoding = 'SQL_ASCII';
\set SHOW_CONTEXT never
CREATE EXTENSION datasurface;
SELECT version FROM datasurface.ds_load_model($${"stores": [{"name": "s", "description": "d", "datasets": [
    {"name": "t", "description": "d", "primary_key": ["id"], "ingestion": {"kind": "push"},
        "columns": [{"name": "id", "type": "text"}, {"name": "v", "type": "text"}]}]}]}$$);
SELECT count(*) FILTER (WHERE action = 'failed') AS failed FROM datasurface.ds_reconcile_schema();
-- ü in Latin-1: no UTF-8
SELECT octet_length(E'Z\xfcrich'), datasurface.ds_start_batch('s');
INSERT INTO s.t_staging (id) VALUES (E'Z\xfcrich'), (E'Z\xfcrich');
SELECT datasurface.ds_ingest('s', 1, 2), datasurface.ds_run('s');
SELECT state, error_sqlstate, error_message, error_detail FROM datasurface.batches;
SELECT datasurface.ds_require('s'); -- fails
\echo :SQLSTATE
-- in an error of somebody else's
SELECT datasurface.ds_reset_batch('s', 1);
INSERT INTO s.t_staging (id) VALUES (E'Z\xfcrich');
CREATE FUNCTION object() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN RAISE EXCEPTION 'not %', NEW.id USING ERRCODE = 'ZZ123', DETAIL = NEW.id, HINT = NEW.id; END $$;
CREATE TRIGGER object BEFORE INSERT ON s.t FOR EACH ROW EXECUTE FUNCTION object();
SELECT datasurface.ds_ingest('s', 1, 1), datasurface.ds_run('s');
SELECT state, error_sqlstate, error_message, error_detail, error_hint FROM datasurface.batches;
DROP TRIGGER object ON s.t;
-- UTF-8, as far as it is, and data is what it was
SELECT datasurface.ds_run('s');
SELECT id = E'Z\xfcrich' AS same, octet_length(id) FROM s.t;
SELECT datasurface.ds_start_batch('s');
INSERT INTO s.t_staging (id) VALUES (E'Z\xc3\xbcrich'), (E'Z\xc3\xbcrich');
SELECT datasurface.ds_ingest('s', 2, 2), datasurface.ds_run('s');
SELECT state, error_sqlstate, error_detail = E'Key (id)=(Z\xc3\xbcrich) is one of them.' AS as_it_was
    FROM datasurface.batches WHERE batch = 2;

\c :regress_database
DROP DATABASE regress_sql_ascii;
