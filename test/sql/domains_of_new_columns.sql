-- A column that is added and whose domain has a CHECK, NOT NULL, or a default of each row's own: PostgreSQL rewrites the table for it, so
-- the plan says so, and the column waits until that is allowed. Of other domains it does not.
CREATE SCHEMA regress_domains;
CREATE DOMAIN regress_domains.plain AS integer;
CREATE DOMAIN regress_domains.one_default AS integer DEFAULT 7;
CREATE DOMAIN regress_domains.checked AS integer CHECK (VALUE > 0);
CREATE DOMAIN regress_domains.over_checked AS regress_domains.checked;
CREATE DOMAIN regress_domains.of_each_row AS double precision DEFAULT random();
CREATE DOMAIN regress_domains.filled AS integer NOT NULL;
CREATE TABLE regress_domains.t AS SELECT i AS id FROM generate_series(1, 1000) i;
CREATE FUNCTION pg_temp.store(more text DEFAULT '') RETURNS jsonb LANGUAGE sql AS $$
    SELECT scene.store('domains', scene.dataset('t', 'id integer' || more, 'SELECT id'
        || regexp_replace(more, ', (\w+) ([\w.]+)', ', NULL::\2 AS \1', 'g') || ' FROM regress_domains.t', milestoned => true)) $$;
CALL scene.make(pg_temp.store(), scene.workspace('domains_desk', '{domains.t}'));
SELECT datasurface.ds_run('domains');
-- true: the table has another file
CREATE FUNCTION pg_temp.added(domain text) RETURNS TABLE (planned text, bytes boolean, waits text, rewritten boolean)
LANGUAGE plpgsql AS $$
DECLARE
    file oid := pg_relation_filenode('domains.t');
BEGIN
    PERFORM datasurface.ds_load_model(scene.model(pg_temp.store(', c regress_domains.' || domain)), replace => false);
    SELECT p.class, p.bytes > 0 INTO planned, bytes FROM datasurface.ds_plan_schema(store => 'domains') p
    WHERE p.object = '"domains"."t"' AND p.statement LIKE '%ADD COLUMN%';
    SELECT string_agg(split_part(r.detail, ':', 1), ', ') INTO waits FROM datasurface.ds_reconcile_schema('domains') r
    WHERE r.action = 'waiting';
    PERFORM datasurface.ds_reconcile_schema('domains', '{rewrite}');
    rewritten := file <> pg_relation_filenode('domains.t');
    RETURN NEXT;
    PERFORM datasurface.ds_load_model(scene.model(pg_temp.store()), replace => false);
    PERFORM datasurface.ds_reconcile_schema('domains', '{lossy}');
END $$;
\set SHOW_CONTEXT never
SELECT domain, a.* FROM unnest('{plain,one_default,checked,over_checked,of_each_row}'::text[]) domain, pg_temp.added(domain) a;
-- NOT NULL that no row can meet
SELECT version > 0 AS loaded FROM datasurface.ds_load_model(scene.model(pg_temp.store(', c regress_domains.filled')), replace => false);
\x
SELECT object, action, statement, class, bytes > 0 AS bytes, reason FROM datasurface.ds_plan_schema(store => 'domains') ORDER BY step;
SELECT object, action, detail, hint FROM datasurface.ds_reconcile_schema('domains');
SELECT count(*) FROM domains_desk.t;
\x
DROP SCHEMA regress_domains CASCADE;
