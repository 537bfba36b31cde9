-- When a store gets another owner, code that somebody has put on its tables and views would run with the new owner's rights. So the
-- owner does not change while there is some; what is harmless stays. In a database of its own.
\set SHOW_CONTEXT never
SELECT current_database() AS regress_database \gset
CREATE DATABASE an_owner_takes_no_code_over;
\c an_owner_takes_no_code_over
CREATE EXTENSION datasurface;
CREATE ROLE regress_code_old;
CREATE ROLE regress_code_new;
CREATE ROLE regress_code_stranger;
GRANT CREATE ON DATABASE an_owner_takes_no_code_over TO regress_code_old;

CREATE FUNCTION model(owner text, milestoned boolean DEFAULT true) RETURNS text LANGUAGE sql AS $$
    SELECT scene.model(scene.store('s', scene.dataset('t', 'id integer, v text', milestoned => milestoned),
            jsonb_build_object('owner', owner, 'consumers', '[{"workspace": "desk"}]'::jsonb)),
        scene.workspace('desk', '{s.t}', '{"owner": "regress_code_old"}')) $$;
CREATE FUNCTION reconcile() RETURNS TABLE (object text, action text, detail text, error text) LANGUAGE sql AS $$
    SELECT object, action, detail, error FROM datasurface.ds_reconcile_schema()
    WHERE action IN ('waiting', 'failed') ORDER BY object COLLATE "C" $$;
CREATE VIEW owners AS SELECT DISTINCT relowner::regrole FROM pg_class
    WHERE relname ~ '^t(_history|_staging|_full)?$' AND relnamespace::regnamespace::text IN ('s', 'desk')
    UNION SELECT proowner::regrole FROM pg_proc WHERE proname = 't_as_of';
SELECT version FROM datasurface.ds_load_model(model('regress_code_old'));
SELECT * FROM reconcile();
GRANT USAGE, CREATE ON SCHEMA s, desk TO regress_code_new;

SET ROLE regress_code_old;
-- harmless
CREATE INDEX plain ON s.t (v);
CREATE INDEX lowered ON s.t (lower(v)) WHERE v <> '';
ALTER TABLE s.t ADD CONSTRAINT positive CHECK (id > 0), ADD seen serial, ADD noted timestamptz DEFAULT now();
CREATE TABLE s.other (id integer PRIMARY KEY REFERENCES s.t ON DELETE CASCADE);
-- and not
CREATE FUNCTION s.spy(text) RETURNS text LANGUAGE plpgsql IMMUTABLE AS $$ BEGIN RETURN current_user; END $$;
CREATE FUNCTION s.fires() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RETURN NULL; END $$;
CREATE DOMAIN s.spied AS text CHECK (s.spy(value) <> '');
CREATE RULE r AS ON INSERT TO s.t DO ALSO SELECT 1;
CREATE TRIGGER g AFTER INSERT ON s.t_history FOR EACH ROW EXECUTE FUNCTION s.fires();
CREATE POLICY p ON s.t_staging USING (true);
CREATE INDEX x ON s.t (s.spy(v));
CREATE INDEX w ON s.t_history (id) WHERE s.spy(v) = '';
CREATE STATISTICS s.st ON (s.spy(v)), id FROM s.t;
ALTER TABLE s.t ADD CONSTRAINT c CHECK (s.spy(v) <> ''), ADD CONSTRAINT q CHECK (query_to_xml(v, true, true, '') IS NULL) NOT VALID;
ALTER TABLE s.t_history ADD made text GENERATED ALWAYS AS (s.spy(v)) STORED, ADD usual text DEFAULT s.spy(''), ADD d s.spied;
CREATE RULE r AS ON INSERT TO desk.t DO INSTEAD NOTHING;
CREATE TRIGGER g INSTEAD OF DELETE ON desk.t_full FOR EACH ROW EXECUTE FUNCTION s.fires();
ALTER VIEW desk.t ALTER v SET DEFAULT s.spy('');
RESET ROLE;
SELECT * FROM reconcile();
SELECT version FROM datasurface.ds_load_model(model('regress_code_new'));
SELECT object, action, class, statement, reason FROM datasurface.ds_plan_schema() WHERE statement <> '' ORDER BY 1, 4;
SELECT DISTINCT unnest(dependents) COLLATE "C" FROM datasurface.ds_plan_schema() ORDER BY 1;
SELECT object, action, left(detail, 60) AS detail, error FROM reconcile();
SELECT * FROM owners;

-- what is harmless goes along
DROP RULE r ON s.t;
DROP TRIGGER g ON s.t_history;
DROP POLICY p ON s.t_staging;
DROP INDEX s.x, s.w;
DROP STATISTICS s.st;
ALTER TABLE s.t DROP CONSTRAINT c, DROP CONSTRAINT q;
ALTER TABLE s.t_history DROP made, DROP usual, DROP d;
DROP TRIGGER g ON desk.t_full;
ALTER VIEW desk.t ALTER v DROP DEFAULT;
SELECT object, detail FROM reconcile();
DROP RULE r ON desk.t;
SELECT * FROM reconcile();
SELECT * FROM owners;

-- a function of the name that is not the one that reconcile made goes to nobody, and stays
DROP FUNCTION s.t_as_of;
GRANT USAGE, CREATE ON SCHEMA s TO regress_code_stranger;
SET ROLE regress_code_stranger;
CREATE FUNCTION s.t_as_of(integer) RETURNS name LANGUAGE sql SECURITY DEFINER AS 'SELECT current_user';
RESET ROLE;
SELECT version FROM datasurface.ds_load_model(model('regress_code_old', false));
SELECT object, action, error FROM datasurface.ds_reconcile_schema(allow => '{lossy}') WHERE action = 'failed';
SELECT s.t_as_of(1);
SELECT version FROM datasurface.ds_load_model(model('regress_code_new', false));
SELECT object, action, error FROM datasurface.ds_reconcile_schema(allow => '{lossy}') WHERE action = 'failed';
SELECT s.t_as_of(1);
DROP FUNCTION s.t_as_of;
SELECT object, action FROM datasurface.ds_reconcile_schema(allow => '{lossy}');
SELECT count(*) FROM datasurface.relation WHERE kind = 'as_of';

-- an unrelated table that has taken the name of one that is gone is not dropped with its dataset
SELECT version FROM datasurface.ds_load_model(scene.model('[]'));
DROP VIEW IF EXISTS desk.t, desk.t_full;
DROP TABLE s.t, s.other;
SET ROLE regress_code_new;
CREATE TABLE s.t (ledger text);
RESET ROLE;
SELECT scene.refused($$SELECT datasurface.ds_drop_dataset('s', 't', confirm => 's.t')$$);
DROP TABLE s.t;
SELECT action, statement FROM datasurface.ds_drop_dataset('s', 't', confirm => 's.t');

\c :regress_database
DROP DATABASE an_owner_takes_no_code_over;
DROP ROLE regress_code_old, regress_code_new, regress_code_stranger;
