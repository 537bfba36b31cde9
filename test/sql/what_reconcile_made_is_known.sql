-- A view or function is ours as long as it is what reconcile made of it, and not because of its name: one that somebody
-- changed, or dropped and made anew, is left alone and reported. What may be changed is not taken for a difference. In
-- a database of its own, for a document is the whole model.
\set SHOW_CONTEXT never
SELECT current_database() AS regress_database \gset
CREATE DATABASE what_reconcile_made_is_known;
\c what_reconcile_made_is_known
CREATE EXTENSION datasurface;
CREATE ROLE regress_owner;
CREATE ROLE regress_other;
CREATE ROLE regress_reader;
GRANT CREATE ON DATABASE what_reconcile_made_is_known TO regress_owner;

CREATE FUNCTION model(more_columns text DEFAULT '') RETURNS text LANGUAGE sql AS $$
    SELECT scene.model(scene.store('crm', scene.dataset('Client List', 'id integer, region varchar(10)' || more_columns,
            milestoned => true), '{"owner": "regress_owner"}'),
        scene.workspace('desk', '{crm.Client List as clients}', '{"owner": "regress_owner"}')) $$;
CREATE FUNCTION reconcile() RETURNS TABLE (object text, action text, error text) LANGUAGE sql AS $$
    SELECT object, action, error FROM datasurface.ds_reconcile_schema() ORDER BY object COLLATE "C", action $$;
SELECT version FROM datasurface.ds_load_model(model());
SELECT count(*) FILTER (WHERE action = 'failed') AS failed FROM reconcile();
INSERT INTO crm."Client List" VALUES (1, 2147483647, 1, 'EU'), (1, 2147483647, 2, 'US');

-- no difference: grants, comments of columns, defaults of a view's columns, a trigger; what a function costs; how names
-- are printed and found
SET ROLE regress_owner;
GRANT SELECT ON desk.clients TO regress_reader;
GRANT SELECT (id) ON desk.clients_full TO regress_reader;
GRANT EXECUTE ON FUNCTION crm."Client List_as_of" TO regress_reader;
COMMENT ON COLUMN desk.clients.region IS 'by hand';
ALTER VIEW desk.clients ALTER COLUMN region SET DEFAULT 'EU';
CREATE FUNCTION crm.no_insert() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RETURN NULL; END $$;
CREATE TRIGGER no_insert INSTEAD OF INSERT ON desk.clients FOR EACH ROW EXECUTE FUNCTION crm.no_insert();
ALTER FUNCTION crm."Client List_as_of" ROWS 10 COST 5;
RESET ROLE;
SET search_path = crm, desk, pg_catalog, public;
SET quote_all_identifiers = on;
SELECT * FROM public.reconcile();
RESET ALL;
-- what they stand on was renamed by hand and back, so they were printed otherwise in between
ALTER TABLE crm."Client List" RENAME COLUMN region TO area;
ALTER TABLE crm."Client List" RENAME COLUMN area TO region;
SELECT * FROM reconcile();
-- a comment is ours to set
COMMENT ON VIEW desk.clients IS 'by hand';
SELECT * FROM reconcile();

-- the attack: the owner puts a filter in front of the rows, and a change of the model would have taken it away
SET ROLE regress_owner;
DROP VIEW desk.clients;
CREATE VIEW desk.clients AS SELECT id, region FROM crm."Client List" WHERE region = 'EU';
GRANT SELECT ON desk.clients TO regress_reader;
RESET ROLE;
SELECT * FROM reconcile();
SELECT version FROM datasurface.ds_load_model(model(', extra text'));
SELECT * FROM reconcile() WHERE object LIKE '"desk".%';
SELECT pg_get_viewdef('desk.clients') ~ 'EU' AS filtered;
DROP VIEW desk.clients;
SELECT * FROM reconcile();
SELECT has_table_privilege('regress_reader', 'desk.clients', 'SELECT') AS reader;

-- one changed thing after the other, each put back
CREATE FUNCTION after(change text, back text) RETURNS TABLE (object text, action text, error text)
    LANGUAGE plpgsql AS $$
BEGIN
    EXECUTE change;
    RETURN QUERY SELECT * FROM reconcile();
    EXECUTE back;
    RETURN QUERY SELECT * FROM reconcile();
END $$;
SELECT * FROM after('ALTER VIEW desk.clients OWNER TO regress_other', 'ALTER VIEW desk.clients OWNER TO regress_owner');
SELECT * FROM after('ALTER VIEW desk.clients SET (security_barrier)',
    'ALTER VIEW desk.clients RESET (security_barrier)');
SELECT * FROM after('ALTER VIEW desk.clients SET (security_invoker)',
    'ALTER VIEW desk.clients RESET (security_invoker)');
SELECT * FROM after('ALTER VIEW desk.clients RENAME COLUMN region TO area',
    'ALTER VIEW desk.clients RENAME COLUMN area TO region');
SELECT * FROM after('ALTER VIEW desk.clients RENAME COLUMN id TO was; ALTER VIEW desk.clients RENAME COLUMN region TO id;
    ALTER VIEW desk.clients RENAME COLUMN was TO region',
    'ALTER VIEW desk.clients RENAME COLUMN id TO was; ALTER VIEW desk.clients RENAME COLUMN region TO id;
    ALTER VIEW desk.clients RENAME COLUMN was TO region');
SELECT * FROM after('ALTER TABLE crm."Client List" RENAME COLUMN region TO area',
    'ALTER TABLE crm."Client List" RENAME COLUMN area TO region');
SELECT * FROM after('ALTER VIEW desk.clients_full RENAME COLUMN region TO area',
    'ALTER VIEW desk.clients_full RENAME COLUMN area TO region');
SELECT * FROM after('CREATE OR REPLACE VIEW desk.clients AS SELECT id, region, extra FROM crm."Client List" LIMIT 1',
    'DROP VIEW desk.clients');
-- the name is another thing's
SELECT * FROM after('DROP VIEW desk.clients; CREATE TABLE desk.clients (id integer)', 'DROP TABLE desk.clients');
SELECT * FROM after('DROP VIEW desk.clients; CREATE MATERIALIZED VIEW desk.clients AS SELECT id, region, extra FROM crm."Client List";
    ALTER MATERIALIZED VIEW desk.clients OWNER TO regress_owner',
    'DROP MATERIALIZED VIEW desk.clients');

-- the function
SELECT * FROM after('ALTER FUNCTION crm."Client List_as_of" OWNER TO regress_other',
    'ALTER FUNCTION crm."Client List_as_of" OWNER TO regress_owner');
SELECT * FROM after('ALTER FUNCTION crm."Client List_as_of" SECURITY DEFINER',
    'ALTER FUNCTION crm."Client List_as_of" SECURITY INVOKER');
SELECT * FROM after('ALTER FUNCTION crm."Client List_as_of" SET work_mem = ''1MB''',
    'ALTER FUNCTION crm."Client List_as_of" RESET ALL');
SELECT * FROM after('CREATE OR REPLACE FUNCTION crm."Client List_as_of"(batch integer)
    RETURNS SETOF crm."Client List" LANGUAGE sql STABLE
    BEGIN ATOMIC SELECT * FROM crm."Client List" WHERE region = ''EU''; END', 'DROP FUNCTION crm."Client List_as_of"');
SELECT * FROM after('CREATE OR REPLACE FUNCTION crm."Client List_as_of"(batch integer)
    RETURNS SETOF crm."Client List" LANGUAGE sql STABLE
    AS $f$SELECT * FROM crm."Client List"$f$', 'DROP FUNCTION crm."Client List_as_of"');
SELECT * FROM after('DROP FUNCTION crm."Client List_as_of"; CREATE FUNCTION crm."Client List_as_of"(batch integer)
    RETURNS SETOF crm."Client List" LANGUAGE plpgsql
    AS $f$BEGIN RETURN; END$f$; ALTER FUNCTION crm."Client List_as_of" OWNER
        TO regress_owner', 'DROP FUNCTION crm."Client List_as_of"');
-- a replaced function keeps its dataset from being changed, and is not touched by that
CREATE OR REPLACE FUNCTION crm."Client List_as_of"(batch integer)
    RETURNS SETOF crm."Client List" LANGUAGE sql STABLE
    BEGIN ATOMIC SELECT * FROM crm."Client List" WHERE region = 'EU'; END;
SELECT version FROM datasurface.ds_load_model(model(', extra text, more text'));
SELECT * FROM reconcile();
DROP FUNCTION crm."Client List_as_of";
SELECT * FROM reconcile();
SELECT * FROM reconcile();

\c :regress_database
DROP DATABASE what_reconcile_made_is_known;
DROP ROLE regress_owner, regress_other, regress_reader;
