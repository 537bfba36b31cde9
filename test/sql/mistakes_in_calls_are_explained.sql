-- A table of mistakes: calls that a newcomer gets wrong, each with the whole message that comes back. Read an answer as
-- who receives it would: what is wrong, where, and what to do, without the name of anything internal. In a database of
-- its own.
SELECT current_database() AS regress_database \gset
SELECT current_user AS regress_superuser \gset
CREATE DATABASE mistakes_calls;
\c mistakes_calls
CREATE EXTENSION datasurface;
CREATE ROLE regress_mistake_stranger;
CREATE ROLE regress_mistake_other;
CREATE ROLE regress_mistake_owner;
GRANT EXECUTE ON ALL FUNCTIONS IN SCHEMA datasurface TO regress_mistake_other;
GRANT CREATE ON DATABASE mistakes_calls TO regress_mistake_owner;
CREATE SCHEMA erp;
CREATE TABLE erp.clients (id integer PRIMARY KEY, name text NOT NULL);
INSERT INTO erp.clients VALUES (1, 'Ada'), (2, 'Blaise');
SELECT count(*) FROM datasurface.ds_load_model(scene.model(
    scene.store('crm', scene.dataset('customers', 'id integer, name text', 'SELECT id, name FROM erp.clients',
        milestoned => true))
    || scene.store('shop', scene.dataset('orders', 'id bigint, customer integer not null, total numeric(5,2)'))
    || scene.store('feeds', scene.dataset('rates') || scene.dataset('dates'), '{"consistency": "single"}'),
    scene.workspace('analytics', '{crm.customers,shop.orders}')));

-- what comes back: the error in all its parts, or "no error: " and the value; what was done is undone
CREATE FUNCTION tell(statement text) RETURNS text LANGUAGE plpgsql AS $$
DECLARE state text; message text; detail text; hint text; context text; value text;
BEGIN
    IF statement ~ '^ (SELECT|SHOW)' THEN EXECUTE statement INTO value; ELSE EXECUTE statement; END IF;
    RAISE SQLSTATE 'UNDO0';
EXCEPTION
    WHEN SQLSTATE 'UNDO0' THEN RETURN 'no error: ' || coalesce(value, 'NULL');
    WHEN OTHERS THEN
        GET STACKED DIAGNOSTICS state = RETURNED_SQLSTATE, message = MESSAGE_TEXT, detail = PG_EXCEPTION_DETAIL,
            hint = PG_EXCEPTION_HINT, context = PG_EXCEPTION_CONTEXT;
        -- without this function's own lines
        context := rtrim(split_part(split_part(context, 'SQL statement "' || statement, 1),
            'PL/pgSQL function tell(text)', 1), E'\n');
        detail := regexp_replace(detail, '\d{4}-\d\d-\d\d \d\d:\d\d:\d\d[+-]\d\d', '<time>', 'g');
        message := regexp_replace(message, '\((\d+) kB \.\. (\d+) kB\)', '(\1 .. \2)'); -- 17 names the unit
        RETURN concat_ws(E'\n', state || ': ' || message, 'DETAIL: ' || nullif(detail, ''),
            'HINT: ' || nullif(hint, ''), 'CONTEXT: ' || nullif(context, ''));
END $$;
\pset format unaligned
\pset tuples_only on

-- too early
SELECT tell($$ SELECT datasurface.ds_run('crm') $$);
SELECT tell($$ SELECT datasurface.ds_start_batch('shop') $$);
SELECT tell($$ SELECT datasurface.ds_require('crm') $$);
SELECT tell($$ SELECT * FROM analytics.customers $$);
SELECT count(*) FILTER (WHERE action = 'failed') FROM datasurface.ds_reconcile_schema();
SELECT tell($$ SELECT datasurface.ds_batch_at('crm', now()) $$);
SELECT tell($$ SELECT datasurface.ds_require('crm') $$);
SELECT tell($$ SELECT datasurface.ds_require('crm', 'monday') $$);

-- the name of a function, or its arguments
SELECT tell($$ SELECT ds_run('crm') $$);
SELECT tell($$ SELECT datasurface.ds_runs('crm') $$);
SELECT tell($$ SELECT datasurface.ds_run() $$);
SELECT tell($$ SELECT datasurface.ds_run(1) $$);
SELECT tell($$ SELECT datasurface.ds_run('crm', runid => 'monday') $$);
SELECT tell($$ SELECT datasurface.ds_run('crm', 'monday', 5) $$);
SELECT tell($$ SELECT datasurface.ds_run('crm', 'monday', '5 minuets') $$);
SELECT tell($$ SELECT datasurface.ds_ingest('shop') $$);
SELECT tell($$ SELECT datasurface.ds_ingest('shop', 'one') $$);
SELECT tell($$ SELECT datasurface.ds_ingest('shop', 3000000000) $$);
SELECT tell($$ SELECT datasurface.ds_run_to_end('crm') $$);
SELECT tell($$ CALL datasurface.ds_run('crm') $$);
SELECT tell($$ CALL datasurface.ds_run_to_end('crm') $$);

-- NULL and empty arguments
SELECT tell($$ SELECT datasurface.ds_run(NULL) $$);
SELECT tell($$ SELECT datasurface.ds_run('') $$);
SELECT tell($$ SELECT datasurface.ds_run('crm', run_id => '') $$);
SELECT tell($$ SELECT datasurface.ds_run('crm', run_id => ' ') $$);
SELECT tell($$ SELECT datasurface.ds_run('crm', run_id => repeat('x', 256)) $$);
SELECT tell($$ SELECT datasurface.ds_run('crm', run_id => '{{ run_id }}') $$);
SELECT tell($$ SELECT datasurface.ds_start_batch('shop', 'daily_{% now "utc" %}') $$);
SELECT tell($$ SELECT datasurface.ds_require('shop', '{monday}') $$);
SELECT tell($$ SELECT datasurface.ds_run('crm', 'nightly-$RUN_ID') $$);
SELECT tell($$ SELECT datasurface.ds_run('crm', '%RUN_ID%') $$);
SELECT tell($$ SELECT datasurface.ds_run('crm', ':run_id') $$);
SELECT tell($$ SELECT datasurface.ds_run('crm', '%s') $$);
SELECT tell($$ SELECT datasurface.ds_start_batch('shop', 'None') $$);
SELECT tell($$ SELECT datasurface.ds_run('crm', budget => '-1 s') $$);
SELECT tell($$ SELECT datasurface.ds_start_batch(NULL) $$);
SELECT tell($$ SELECT datasurface.ds_start_batch('') $$);
SELECT tell($$ SELECT datasurface.ds_start_batch('shop', '') $$);
SELECT tell($$ SELECT datasurface.ds_ingest('shop', NULL) $$);
SELECT tell($$ SELECT datasurface.ds_merge_staging('shop', NULL) $$);
SELECT tell($$ SELECT datasurface.ds_reset_batch('shop', NULL) $$);
SELECT tell($$ SELECT datasurface.ds_reset_batch('shop', 1, NULL) $$);
SELECT tell($$ SELECT datasurface.ds_fail_batch('shop', 1, NULL) $$);
SELECT tell($$ SELECT datasurface.ds_fail_batch('shop', 1, ' ') $$);
SELECT tell($$ SELECT datasurface.ds_fail_batch('shop', 1, '{{ reason }}') $$);
SELECT tell($$ SELECT datasurface.ds_release_batch('shop', 1, '$REASON') $$);
SELECT tell($$ SELECT datasurface.ds_discard_batch('shop', 1, '%(reason)s') $$);
SELECT tell($$ SELECT datasurface.ds_require(NULL) $$);
SELECT tell($$ SELECT datasurface.ds_require('shop', '') $$);
SELECT tell($$ SELECT datasurface.ds_batch_at('shop', NULL) $$);
SELECT tell($$ SELECT datasurface.ds_reconcile_schema('') $$);
SELECT tell($$ SELECT datasurface.ds_load_model(NULL) $$);
SELECT tell($$ SELECT datasurface.ds_validate_model(NULL) $$);
SELECT tell($$ SELECT datasurface.ds_validate_model('{}', NULL) $$);

-- the name of a stream or store
SELECT tell($$ SELECT datasurface.ds_run('CRM') $$);
SELECT tell($$ SELECT datasurface.ds_run('crn') $$);
SELECT tell($$ SELECT datasurface.ds_run('crm.customers') $$);
SELECT tell($$ SELECT datasurface.ds_run('customers') $$);
SELECT tell($$ SELECT datasurface.ds_run('crm#customers') $$);
SELECT tell($$ SELECT datasurface.ds_run('feeds') $$);
SELECT tell($$ SELECT datasurface.ds_run('feeds#rate') $$);
SELECT tell($$ SELECT datasurface.ds_require('crn') $$);
SELECT tell($$ SELECT datasurface.ds_batch_at('crn', now()) $$);
SELECT tell($$ SELECT datasurface.ds_reconcile_schema('crn') $$);
SELECT tell($$ SELECT datasurface.ds_reconcile_schema('feeds#rates') $$);
SELECT tell($$ SELECT datasurface.ds_reconcile_schema('CRM') $$);

-- a push: the order of the calls
SELECT tell($$ SELECT datasurface.ds_run('shop') $$);
SELECT tell($$ SELECT datasurface.ds_ingest('shop', 1) $$);
SELECT datasurface.ds_start_batch('shop', 'monday');
SELECT tell($$ SELECT datasurface.ds_start_batch('shop', 'tuesday') $$);
SELECT tell($$ SELECT datasurface.ds_run('shop') $$);
SELECT tell($$ SELECT datasurface.ds_run('shop', 'monday') $$);
SELECT tell($$ SELECT datasurface.ds_merge_staging('shop', 1) $$);
SELECT tell($$ SELECT datasurface.ds_ingest('shop', 2) $$);
SELECT tell($$ SELECT datasurface.ds_ingest('shop', 1) $$);
SELECT tell($$ SELECT datasurface.ds_require('shop', 'monday') $$);

-- a push: the rows
SELECT tell($$ INSERT INTO shop.order_staging (id, customer, total) VALUES (1, 1, 1) $$);
SELECT tell($$ INSERT INTO shop.orders_staging VALUES (1, 1, 1) $$);
SELECT tell($$ INSERT INTO shop.orders_staging VALUES (1, 1, 1, 1) $$);
SELECT tell($$ INSERT INTO shop.orders_staging (id, custumer, total) VALUES (1, 1, 1) $$);
SELECT tell($$ INSERT INTO shop.orders_staging (id, total) VALUES (1, 1) $$);
SELECT tell($$ INSERT INTO shop.orders_staging (id, customer, total) VALUES ('one', 1, 1) $$);
SELECT tell($$ INSERT INTO shop.orders_staging (id, customer, total) VALUES (1, 1, 12345) $$);
SELECT tell($$ INSERT INTO shop.orders_staging (ds_surf_arrival, id, customer, total) VALUES (1, 1, 1, 1) $$);
SELECT tell($$ UPDATE shop.orders_staging SET ds_surf_arrival = 1 $$);
\set VERBOSITY default
\set SHOW_CONTEXT errors
COPY shop.orders_staging FROM STDIN (FORMAT csv);
1,1,1.00
\.
COPY shop.orders_staging (id, customer, total) FROM STDIN (FORMAT csv);
1,1
\.
COPY shop.orders_staging (id, customer, total) FROM STDIN (FORMAT csv);
id,customer,total
\.
SELECT tell($$ INSERT INTO analytics.orders VALUES (1, 1, 1) $$);
SELECT tell($$ INSERT INTO shop.orders VALUES (1, 1, 1) $$);
INSERT INTO shop.orders_staging (id, customer, total) VALUES (501, 1, 20), (502, 2, 35.5), (502, 2, 35.5);
SELECT tell($$ SELECT datasurface.ds_ingest('shop', 1, 2) $$);
SELECT tell($$ SELECT datasurface.ds_ingest('shop', 1, -1) $$);
SELECT tell($$ SELECT datasurface.ds_ingest('shop', 1, 2.5) $$);
SELECT datasurface.ds_ingest('shop', 1, rows => 3);
SELECT tell($$ SELECT datasurface.ds_ingest('shop', 1, rows => 3) $$);
SELECT tell($$ SELECT datasurface.ds_merge_staging('shop', 2) $$);
SELECT tell($$ SELECT datasurface.ds_merge_staging('shop', 1) $$);
SELECT datasurface.ds_run('shop', 'monday');
SELECT tell($$ SELECT datasurface.ds_require('shop', 'monday') $$);
SELECT tell($$ SELECT datasurface.ds_reset_batch('shop', 2) $$);
SELECT tell($$ SELECT datasurface.ds_reset_batch('shop', 1, 'skip') $$);
SELECT datasurface.ds_reset_batch('shop', 1);
INSERT INTO shop.orders_staging (customer, total) VALUES (1, 20);
SELECT datasurface.ds_ingest('shop', 1, 1);
SELECT datasurface.ds_run('shop', 'monday');
SELECT tell($$ SELECT datasurface.ds_require('shop', 'monday') $$);
SELECT datasurface.ds_reset_batch('shop', 1);
INSERT INTO shop.orders_staging (id, customer, total) VALUES (501, 1, 20);
SELECT datasurface.ds_ingest('shop', 1, 1);
DELETE FROM shop.orders_staging;
SELECT tell($$ SELECT datasurface.ds_merge_staging('shop', 1) $$);
INSERT INTO shop.orders_staging (id, customer, total) VALUES (501, 1, 20);
SELECT tell($$ SELECT datasurface.ds_merge_staging('shop', 1) $$);
DELETE FROM shop.orders_staging;
SELECT datasurface.ds_reset_batch('shop', 1);
INSERT INTO shop.orders_staging (id, customer, total) VALUES (501, 1, 20);
SELECT datasurface.ds_ingest('shop', 1, 1);
SELECT datasurface.ds_run('shop', 'monday');

-- what is committed stays
SELECT tell($$ SELECT datasurface.ds_reset_batch('shop', 3) $$);
SELECT tell($$ SELECT datasurface.ds_ingest('shop', 1, 1) $$);
SELECT tell($$ SELECT datasurface.ds_merge_staging('shop', 1) $$);
SELECT tell($$ SELECT datasurface.ds_reset_batch('shop', 1) $$);
SELECT tell($$ SELECT datasurface.ds_fail_batch('shop', 1, 'wrong file') $$);
SELECT tell($$ SELECT datasurface.ds_start_batch('shop', 'monday') $$);

-- a pull
SELECT datasurface.ds_run('crm', 'monday');
SELECT tell($$ SELECT datasurface.ds_ingest('crm', 1) $$);
SELECT datasurface.ds_start_batch('crm', 'tuesday');
SELECT tell($$ SELECT datasurface.ds_ingest('crm', 2, rows => 7) $$);
SELECT datasurface.ds_ingest('crm', 2, rows => 2);
SELECT tell($$ SELECT datasurface.ds_ingest('crm', 2, rows => 2) $$);
SELECT datasurface.ds_reset_batch('crm', 2);
SELECT datasurface.ds_fail_batch('crm', 2, 'the ERP system is being restored');
SELECT tell($$ SELECT datasurface.ds_require('crm', 'tuesday') $$);
SELECT tell($$ SELECT datasurface.ds_require('crm', 'wednesday') $$);
ALTER TABLE erp.clients RENAME TO customers;
SELECT datasurface.ds_run('crm', 'tuesday');
SELECT tell($$ SELECT datasurface.ds_require('crm', 'tuesday') $$);
SELECT tell($$ SELECT datasurface.ds_ingest('crm', 2) $$);
ALTER TABLE erp.customers RENAME TO clients;
SELECT datasurface.ds_run('crm', 'tuesday');

-- reading
SELECT tell($$ SELECT * FROM analytics.customer $$);
SELECT tell($$ SELECT * FROM crm.customers_as_of() $$);
SELECT tell($$ SELECT * FROM crm.customers_as_of('monday') $$);
SELECT tell($$ SELECT count(*) FROM crm.customers_as_of(NULL) $$);
SELECT tell($$ SELECT count(*) FROM crm.customers_as_of(99) $$);
SELECT tell($$ SELECT * FROM shop.orders_as_of(1) $$);
SELECT tell($$ SELECT datasurface.ds_batch_at('crm', 'yesturday') $$);
SELECT tell($$ SELECT datasurface.ds_batch_at('crm', '2000-01-01') $$);
SELECT regexp_replace(tell($$ SELECT datasurface.ds_batch_at('crm', '2999-01-01') $$), '\d{4}-\d\d-\d\d \S+', '(time)');
SELECT tell($$ SELECT datasurface.ds_batch_at('feeds#rates', now()) $$);

-- rights
SET ROLE regress_mistake_stranger;
SELECT tell($$ SELECT datasurface.ds_run('crm') $$);
SELECT tell($$ SELECT * FROM analytics.customers $$);
SELECT tell($$ SELECT * FROM crm.customers $$);
SELECT tell($$ INSERT INTO shop.orders_staging (id, customer, total) VALUES (1, 1, 1) $$);
SELECT tell($$ SELECT * FROM datasurface.batches $$);
SET ROLE regress_mistake_other;
SELECT tell($$ SELECT datasurface.ds_run('crm') $$);
SELECT tell($$ SELECT datasurface.ds_start_batch('shop') $$);
SELECT tell($$ SELECT datasurface.ds_reset_batch('shop', 1) $$);
SELECT tell($$ SELECT datasurface.ds_reconcile_schema('crm') $$);
SELECT tell($$ SELECT datasurface.ds_load_model('{"stores": []}') $$);
SELECT tell($$ SET datasurface.trusted_owners = regress_mistake_other $$);
SELECT tell($$ SELECT * FROM datasurface.stream $$);
RESET ROLE;

-- transactions
BEGIN ISOLATION LEVEL SERIALIZABLE;
SELECT tell($$ SELECT datasurface.ds_run('crm') $$);
SELECT tell($$ SELECT datasurface.ds_load_model('{"stores": []}') $$);
ROLLBACK;
BEGIN READ ONLY;
SELECT tell($$ SELECT datasurface.ds_run('crm') $$);
SELECT tell($$ SELECT datasurface.ds_load_model('{"stores": []}') $$);
SELECT tell($$ SELECT datasurface.ds_reconcile_schema() $$);
ROLLBACK;

-- settings
SELECT tell($$ SET datasurface.merge_engine = fast $$);
SELECT tell($$ SET datasurface.merge_engin = sql $$);
SELECT tell($$ SET datasurface.merge_work_mem = '64kB' $$);
SELECT tell($$ SET datasurface.merge_workers = 65 $$);
SELECT tell($$ SET datasurface.max_model_size = '1GB' $$);
SELECT tell($$ SET datasurface.ddl_lock_timeout = '5 parsecs' $$);
SELECT tell($$ SET datasurface.truncate_threshold = -1 $$);
SELECT tell($$ SET datasurface.trusted_owners = 'a,,b' $$);
SELECT tell($$ SET datasurface.trusted_owners = regress_no_such_role $$);

-- tables changed by hand
CREATE RULE never AS ON INSERT TO crm.customers DO INSTEAD NOTHING;
SET datasurface.merge_engine = native;
SELECT datasurface.ds_run('crm', 'thursday');
SELECT tell($$ SELECT datasurface.ds_require('crm', 'thursday') $$);
RESET datasurface.merge_engine;
DROP RULE never ON crm.customers;
ALTER TABLE crm.customers OWNER TO regress_mistake_owner;
SELECT datasurface.ds_run('crm', 'thursday');
SELECT tell($$ SELECT datasurface.ds_require('crm', 'thursday') $$);
ALTER TABLE crm.customers OWNER TO :regress_superuser;
SELECT datasurface.ds_reset_batch('crm', 3);
ALTER TABLE crm.customers ADD CONSTRAINT not_carl CHECK (name <> 'Carl');
INSERT INTO erp.clients VALUES (3, 'Carl');
SELECT datasurface.ds_run('crm', 'thursday');
SELECT tell($$ SELECT datasurface.ds_require('crm', 'thursday') $$);
ALTER TABLE crm.customers DROP CONSTRAINT not_carl;
SELECT datasurface.ds_reset_batch('crm', 3);
SELECT datasurface.ds_run('crm', 'thursday');
ALTER TABLE crm.customers RENAME COLUMN name TO called;
SELECT datasurface.ds_run('crm', 'thursday noon');
SELECT tell($$ SELECT datasurface.ds_require('crm', 'thursday noon') $$);
ALTER TABLE crm.customers RENAME COLUMN called TO name;
ALTER TABLE crm.customers_staging DROP COLUMN name;
SELECT tell($$ SELECT datasurface.ds_ingest('crm', 4) $$);
SELECT datasurface.ds_reset_batch('crm', 4);
SELECT action FROM datasurface.ds_reconcile_schema('crm', '{lossy}');
ALTER TABLE crm.customers_history RENAME COLUMN ds_surf_batch_in TO begun;
SELECT tell($$ SELECT datasurface.ds_ingest('crm', 4) $$);
ALTER TABLE crm.customers_history RENAME COLUMN begun TO ds_surf_batch_in;
SELECT datasurface.ds_ingest('crm', 4);
ALTER TABLE crm.customers_staging RENAME COLUMN name TO called;
SELECT tell($$ SELECT datasurface.ds_merge_staging('crm', 4) $$);
ALTER TABLE crm.customers_staging RENAME COLUMN called TO name;
SELECT datasurface.ds_start_batch('shop', 'tuesday');
-- the open batch may be a colleague's
SELECT tell($$ SELECT datasurface.ds_ingest('shop', 1, 1) $$);
SELECT tell($$ SELECT datasurface.ds_reset_batch('shop', 3) $$);
ALTER TABLE shop.orders_staging RENAME COLUMN total TO sum;
SELECT tell($$ SELECT datasurface.ds_ingest('shop', 2, rows => 0) $$);
ALTER TABLE shop.orders_staging RENAME COLUMN sum TO total;
SELECT datasurface.ds_run('crm', 'thursday noon');
SELECT tell($$ DROP TABLE crm.customers $$);
DROP TABLE crm.customers_staging;
SELECT tell($$ SELECT datasurface.ds_reset_batch('crm', 2) $$);
SELECT datasurface.ds_run('crm', 'friday');
SELECT tell($$ SELECT datasurface.ds_require('crm', 'friday') $$);
CREATE VIEW crm.customers_staging AS SELECT 1 AS ds_surf_arrival, id, name FROM erp.clients;
SELECT tell($$ SELECT error FROM datasurface.ds_reconcile_schema('crm') WHERE action = 'failed' $$);
SELECT datasurface.ds_run('crm', 'friday');
SELECT tell($$ SELECT datasurface.ds_require('crm', 'friday') $$);
-- a query that names a table without its schema
SELECT count(*) FROM datasurface.ds_load_model(
    scene.model(scene.store('lost', scene.dataset('t', query => 'SELECT id FROM clients'))), replace => false);
SELECT count(*) FILTER (WHERE action = 'failed') FROM datasurface.ds_reconcile_schema('lost');
SELECT datasurface.ds_run('lost');
SELECT tell($$ SELECT datasurface.ds_require('lost') $$);
SELECT tell($$ CREATE EXTENSION datasurface $$);
SELECT tell($$ DROP SCHEMA datasurface $$);

\c :regress_database
DROP DATABASE mistakes_calls;
DROP ROLE regress_mistake_stranger, regress_mistake_other, regress_mistake_owner;
