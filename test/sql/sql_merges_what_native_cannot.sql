-- Which tables the native engine merges. What it cannot do as the executor would, auto leaves to the sql engine, and
-- the batch says why; native is an error then. Either way the rows are the same in the end.
\set SHOW_CONTEXT never
CREATE ROLE regress_engines;
-- whose triggers and functions run here, in a superuser's session
SET datasurface.trusted_owners = regress_engines;
CREATE SCHEMA engines;
GRANT USAGE ON SCHEMA engines TO regress_engines;
SELECT scene.list(scene.store('engines_' || n, scene.dataset('t', 'k integer, v text, w text', milestoned => true),
    '{"owner": "regress_engines"}')) AS stores
FROM unnest('{plain,index,trigger,old_trigger,rule,row_security,generated,extra,parent,child,late,exclusion,no_key,
    other_key,"order",history,staging,staging_rule,references,partitioned,moved}'::text[]) n \gset
CALL scene.make(:'stores');

CREATE TABLE engines.log (n integer GENERATED ALWAYS AS IDENTITY, what text);
GRANT INSERT ON engines.log TO regress_engines;
CREATE FUNCTION engines.note() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN INSERT INTO engines.log (what) VALUES (TG_OP || ' ' || coalesce(NEW.k, OLD.k)); RETURN NULL; END $$;
CREATE FUNCTION engines.shout(value text) RETURNS text LANGUAGE plpgsql IMMUTABLE AS $$
    BEGIN RETURN upper(value) || current_user; END $$;
-- what stands in nobody's way
CREATE INDEX ON engines_index.t (upper(v));
CREATE INDEX ON engines_index.t (v) WHERE k > 1;
CREATE UNIQUE INDEX ON engines_index.t (k DESC, v);
CREATE INDEX ON engines_index.t USING hash (w);
CREATE INDEX ON engines_index.t USING brin (w);
CREATE INDEX ON engines_index.t USING gin (to_tsvector('simple', v));
CREATE INDEX ON engines_index.t USING gist (box(point(k, k), point(k, k)));
CREATE INDEX ON engines_index.t (engines.shout(w));
CREATE INDEX ON engines_index.t_history (engines.shout(w)) INCLUDE (v);
ALTER TABLE engines_index.t ADD CHECK (k > 0), ALTER w SET NOT NULL, ALTER v SET STORAGE PLAIN,
    ALTER w SET DEFAULT 'none', SET (fillfactor = 50);
CREATE STATISTICS engines_index.s ON k, v FROM engines_index.t;
CREATE PUBLICATION engines_all FOR TABLE engines_index.t;
ALTER TABLE engines_order.t_staging ADD COLUMN x text;
ALTER TABLE engines_order.t_staging DROP COLUMN v;
ALTER TABLE engines_order.t_staging RENAME x TO v;
-- what does
CREATE TRIGGER note AFTER INSERT OR UPDATE OR DELETE ON engines_trigger.t FOR EACH ROW EXECUTE FUNCTION engines.note();
CREATE TRIGGER note AFTER INSERT ON engines_history.t_history FOR EACH ROW EXECUTE FUNCTION engines.note();
CREATE TRIGGER note AFTER DELETE ON engines_staging.t_staging FOR EACH ROW EXECUTE FUNCTION engines.note();
CREATE TRIGGER note AFTER INSERT ON engines_old_trigger.t FOR EACH ROW EXECUTE FUNCTION engines.note();
DROP TRIGGER note ON engines_old_trigger.t;
CREATE RULE note AS ON DELETE TO engines_rule.t DO ALSO NOTIFY engines;
CREATE RULE note AS ON DELETE TO engines_staging_rule.t_staging DO ALSO NOTIFY engines;
ALTER TABLE engines_row_security.t ENABLE ROW LEVEL SECURITY;
ALTER TABLE engines_generated.t ADD COLUMN g text GENERATED ALWAYS AS (upper(v)) STORED;
ALTER TABLE engines_extra.t ADD COLUMN x text DEFAULT 'x';
CREATE TABLE engines.child () INHERITS (engines_parent.t);
ALTER TABLE engines.child OWNER TO regress_engines;
CREATE TABLE engines.parent (k integer);
ALTER TABLE engines_child.t INHERIT engines.parent;
ALTER TABLE engines_late.t ADD UNIQUE (v) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE engines_exclusion.t ADD EXCLUDE USING btree (v WITH =);
ALTER TABLE engines_no_key.t DROP CONSTRAINT t_pkey, ADD UNIQUE (k);
ALTER TABLE engines_other_key.t DROP CONSTRAINT t_pkey, ADD PRIMARY KEY (k, ds_surf_batch_out), ADD UNIQUE (k);
CREATE TABLE engines.orders (k integer REFERENCES engines_references.t);

-- tables of a user's own in place of ours
CREATE FUNCTION pg_temp.replace(store text, rest text) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
    EXECUTE format('ALTER TABLE %1$I.t RENAME TO ours; ALTER INDEX %1$I.t_pkey RENAME TO ours_pkey; CREATE TABLE %1$I.t '
        || rest || '; ALTER TABLE %1$I.t OWNER TO regress_engines', store);
END $$;
SELECT pg_temp.replace('engines_partitioned',
    '(LIKE engines_partitioned.ours, CONSTRAINT t_pkey PRIMARY KEY (k)) PARTITION BY RANGE (k)');
SET ROLE regress_engines;
CREATE TABLE engines_partitioned.low PARTITION OF engines_partitioned.t FOR VALUES FROM (MINVALUE) TO (3);
CREATE TABLE engines_partitioned.high PARTITION OF engines_partitioned.t FOR VALUES FROM (3) TO (MAXVALUE);
RESET ROLE;
SELECT pg_temp.replace('engines_moved',
    '(v text, ds_surf_batch_in integer NOT NULL, ds_surf_batch_out integer NOT NULL, w text, k integer PRIMARY KEY)');
SELECT pg_temp.replace('engines_order',
    '(ds_surf_batch_in integer NOT NULL, ds_surf_batch_out integer NOT NULL, w text, k integer PRIMARY KEY, v text)');

CREATE FUNCTION pg_temp.stage(store text, VARIADIC rows text[]) RETURNS bigint LANGUAGE plpgsql AS $$
DECLARE n integer := datasurface.ds_start_batch(store);
BEGIN
    EXECUTE format('INSERT INTO %I.t_staging (k, v, w) SELECT r[1]::integer, r[2], r[3]'
        ' FROM unnest($1) u(s), string_to_array(s, '','', ''null'') r', store) USING rows;
    RETURN datasurface.ds_ingest(store, n, cardinality(rows));
END $$;
CREATE FUNCTION pg_temp.merge(store text, engine text, staged bigint, OUT merged text, OUT why text)
    LANGUAGE plpgsql AS $$
DECLARE n integer := (SELECT open_batch FROM datasurface.streams s WHERE s.stream = merge.store);
BEGIN
    PERFORM set_config('datasurface.merge_engine', engine, true);
    SELECT concat_ws('/', m.inserted, m.updated, m.deleted, m.unchanged) INTO merged
        FROM datasurface.ds_merge_staging(store, n) m;
    SELECT b.engine || ': ' || merged, engine_reason INTO merged, why FROM datasurface.batch_datasets b
        WHERE b.stream = merge.store AND b.batch = n;
EXCEPTION WHEN feature_not_supported THEN
    GET STACKED DIAGNOSTICS why = PG_EXCEPTION_DETAIL;
    merged := 'ERROR ' || SQLSTATE;
END $$;
CREATE FUNCTION pg_temp.rows(store text) RETURNS text LANGUAGE plpgsql AS $$
DECLARE result text;
BEGIN
    EXECUTE format('SELECT string_agg(concat_ws(''-'', ds_surf_batch_in, nullif(ds_surf_batch_out, 2147483647), k, v, w),'
        ' '' '' ORDER BY k, ds_surf_batch_in)'
        ' FROM (SELECT ds_surf_batch_in, ds_surf_batch_out, k, v, w FROM %1$I.t'
        ' UNION ALL SELECT ds_surf_batch_in, ds_surf_batch_out, k, v, w FROM %1$I.t_history) x', store) INTO result;
    RETURN result;
END $$;
CREATE TEMP TABLE stores AS SELECT n, 'engines_' || name AS store
    FROM unnest('{plain,index,order,old_trigger,references,trigger,rule,row_security,'
    'generated,extra,parent,child,late,exclusion,no_key,other_key,history,staging,staging_rule,partitioned,moved}'::text[]) WITH ORDINALITY u(name, n);
SELECT store, m.* FROM stores, pg_temp.stage(store, '1,a,x', '2,b,y', '3,c,z') s, pg_temp.merge(store, 'native', s) m
    ORDER BY n;
SELECT s.store, m.* FROM stores s JOIN datasurface.streams x ON x.stream = s.store, pg_temp.merge(s.store, 'auto', 3) m
    WHERE open_batch IS NOT NULL ORDER BY n;
-- changes, deletes, inserts
SELECT store, m.* FROM stores, pg_temp.stage(store, '1,a,x', '2,b,yes', '4,d,u') s, pg_temp.merge(store, 'auto', s) m
    WHERE store <> 'engines_rule' ORDER BY n;
SELECT store, pg_temp.rows(store) FROM stores ORDER BY n;
SELECT what, count(*) FROM engines.log GROUP BY what ORDER BY min(n);
-- the index holds what its function said to the owner
SET enable_seqscan = off;
SELECT count(*) AS by_index FROM engines_index.t WHERE engines.shout(w) = 'YESregress_engines';
RESET enable_seqscan;
DROP PUBLICATION engines_all;
SET client_min_messages = warning;
DROP SCHEMA engines CASCADE;
DROP OWNED BY regress_engines CASCADE;
DROP ROLE regress_engines;
