-- Checks of rows and references, by both engines: which rows are asked, what is told of those that break them, and what
-- becomes of the batch.
\set SHOW_CONTEXT never
\pset null null
SET client_min_messages = warning;
CREATE SCHEMA rules_source;
CREATE TABLE rules_source.orders (id integer, customer integer, total numeric);
CREATE TABLE rules_source.customers (id integer);

CREATE FUNCTION pg_temp.store(name text, checks jsonb, refers jsonb DEFAULT '[]', more jsonb DEFAULT '{}') RETURNS jsonb
    LANGUAGE sql AS $$
    SELECT scene.store(name, scene.dataset('orders', 'id integer, customer integer, total numeric',
        'TABLE rules_source.orders',
            milestoned => true, more => jsonb_build_object('checks', checks, 'references', refers))
        || scene.dataset('customers', 'id integer', 'TABLE rules_source.customers'), more)
$$;
CREATE FUNCTION pg_temp.checks(VARIADIC text[]) RETURNS jsonb LANGUAGE sql AS $$
    SELECT coalesce(jsonb_agg(jsonb_build_object('name', c[1], 'condition', c[2], 'severity', c[3])), '[]')
    FROM unnest($1) x, regexp_match(x, '^(\w+): (.*) -> (\w+)$') c
$$;
CREATE FUNCTION pg_temp.begin_source() RETURNS void LANGUAGE sql AS $$
    TRUNCATE rules_source.orders, rules_source.customers;
    INSERT INTO rules_source.orders SELECT i, i % 5, i FROM generate_series(1, 20) i;
    INSERT INTO rules_source.customers SELECT i FROM generate_series(0, 9) i;
$$;
CREATE VIEW pg_temp.found AS SELECT stream, batch, dataset, kind, rule, action, count, keys
    FROM datasurface.batch_findings WHERE stream LIKE 'rules%';

CREATE PROCEDURE pg_temp.try(what text, severity text) LANGUAGE plpgsql AS $$
DECLARE
    engine text;
    store text;
BEGIN
    FOREACH engine IN ARRAY ARRAY['native', 'sql'] LOOP
        PERFORM set_config('datasurface.merge_engine', engine, false), pg_temp.begin_source();
        store := concat_ws('_', what, severity, engine);
        CALL scene.make(pg_temp.store(store, pg_temp.checks('positive: total > 0 -> ' || severity,
            'whole: total = trunc(total) -> warn')));
        PERFORM datasurface.ds_run(store);
        -- a row that is not changed is not asked, nor is one that is deleted; NULL passes
        UPDATE rules_source.orders SET total = -id WHERE id BETWEEN 4 AND 11;
        UPDATE rules_source.orders SET total = NULL WHERE id = 12;
        INSERT INTO rules_source.orders VALUES (21, 1, 0), (22, 1, 0.5);
        DELETE FROM rules_source.orders WHERE id = 20;
        RAISE WARNING USING MESSAGE = datasurface.ds_run(store), ERRCODE = '01000';
    END LOOP;
END $$;
SET client_min_messages = error;
CALL pg_temp.try('rules', 'warn');
CALL pg_temp.try('rules', 'hold');
CALL pg_temp.try('rules', 'fail');
SELECT split_part(stream, '_', 2) AS severity, string_agg(split_part(stream, '_', 3), ' ') AS engines, state,
    inserted, updated,
    deleted, held_because, error_sqlstate, error_message, error_detail FROM (SELECT * FROM datasurface.batches
        ORDER BY stream) b
WHERE batch = 2 AND stream LIKE 'rules\_%\_%' GROUP BY severity, state, inserted, updated, deleted, held_because,
    error_sqlstate,
    replace(error_message, stream, 'it'), error_message, error_detail ORDER BY severity, engines;
SELECT stream, rule, action, count, keys FROM pg_temp.found ORDER BY stream, rule;
SELECT count(changes_digest) FROM datasurface.batch_dataset
    JOIN datasurface.dataset USING (dataset_id) JOIN datasurface.store s USING (store_id)
    WHERE dataset.name = 'orders' AND s.name LIKE 'rules\_hold%';
SELECT (SELECT count(*) FROM rules_warn_native.orders WHERE total < 0) AS warned, (SELECT count(*)
    FROM rules_hold_native.orders WHERE total < 0) AS held,
    (SELECT count(*) FROM rules_fail_sql.orders WHERE total < 0) AS failed;

-- what is there already is not asked again
SET client_min_messages = warning;
SELECT pg_temp.begin_source();
CALL scene.make(pg_temp.store('rules_later', '[]'));
SELECT datasurface.ds_run('rules_later');
CALL scene.make(pg_temp.store('rules_later', pg_temp.checks('large: total > 10 -> fail')));
SELECT datasurface.ds_run('rules_later', 'unchanged');
UPDATE rules_source.orders SET customer = 7 WHERE id = 15;
SELECT datasurface.ds_run('rules_later', 'another row');
-- a first load is asked
CALL scene.make(pg_temp.store('rules_first', pg_temp.checks('large: total > 10 -> hold')));
SET datasurface.merge_engine = native;
SELECT datasurface.ds_run('rules_first');
SELECT datasurface.ds_discard_batch('rules_first', 1, 'small');
SET datasurface.merge_engine = sql;
SELECT datasurface.ds_run('rules_first');
SELECT state, held_because, staged, inserted FROM datasurface.batches WHERE stream = 'rules_first' ORDER BY batch;
SELECT count(changes_digest) AS digests FROM datasurface.batch_dataset
    JOIN datasurface.dataset d USING (dataset_id) JOIN datasurface.stream s USING (stream_id)
        WHERE d.name = 'orders' AND s.name = 'rules_first';
SELECT count(*) FROM rules_first.orders;

-- a condition that raises for one row
CALL scene.make(pg_temp.store('rules_raises', pg_temp.checks('small: total < 1000 -> warn',
    'share: 100 / (total - 30) IS NOT NULL -> warn', 'whole: total = trunc(total) -> warn')));
SELECT datasurface.ds_run('rules_raises');
INSERT INTO rules_source.orders VALUES (30, 1, 30);
SET datasurface.merge_engine = native;
SELECT datasurface.ds_run('rules_raises', 'native');
SELECT error_step, error_sqlstate, error_message, error_detail, error_hint FROM datasurface.batches
    WHERE stream = 'rules_raises' AND batch = 2;
SET datasurface.merge_engine = sql;
SELECT datasurface.ds_run('rules_raises', 'sql');
SELECT error_step, error_sqlstate, error_message, error_detail, error_hint FROM datasurface.batches
    WHERE stream = 'rules_raises' AND batch = 2;
SELECT scene.refused($$SELECT datasurface.ds_require('rules_raises', 'sql')$$);
SELECT count(*) FROM rules_raises.orders;
-- the same from a step that raises its errors
SELECT datasurface.ds_reset_batch('rules_raises', 2), datasurface.ds_ingest('rules_raises', 2);
SELECT scene.refused($$SELECT * FROM datasurface.ds_merge_staging('rules_raises', 2)$$);
UPDATE rules_source.orders SET total = 31 WHERE id = 30;
SELECT datasurface.ds_run('rules_raises', 'sql');

-- a function of a condition that is no longer vouched for: as code of the owner it does not run in a superuser's session
CREATE ROLE regress_rules_owner;
SELECT format('GRANT CREATE ON DATABASE %I TO regress_rules_owner', current_database()) \gexec
GRANT USAGE ON SCHEMA rules_source TO regress_rules_owner;
GRANT SELECT ON ALL TABLES IN SCHEMA rules_source TO regress_rules_owner;
CREATE FUNCTION rules_source.is_fine(n numeric) RETURNS boolean LANGUAGE plpgsql IMMUTABLE AS 'BEGIN RETURN n < 100; END';
CALL scene.make(pg_temp.store('rules_changes', pg_temp.checks('fine: rules_source.is_fine(total) -> warn'),
    more => '{"owner": "regress_rules_owner"}'));
SELECT datasurface.ds_run('rules_changes');
ALTER FUNCTION rules_source.is_fine VOLATILE;
INSERT INTO rules_source.orders VALUES (40, 1, 40);
SELECT datasurface.ds_run('rules_changes', 'a volatile function');
SELECT error_step, error_sqlstate, error_message, error_detail, error_hint FROM datasurface.batches
    WHERE stream = 'rules_changes' AND batch = 2;
SELECT count(*) FROM rules_changes.orders;
ALTER FUNCTION rules_source.is_fine IMMUTABLE;
SELECT datasurface.ds_run('rules_changes', 'a volatile function');
-- an owner who has no right on datasurface itself, by the engine that has its digests from a function
CALL scene.make(pg_temp.store('rules_changes', pg_temp.checks('small: total < 50 -> hold')));
INSERT INTO rules_source.orders VALUES (50, 1, 50);
SET datasurface.merge_engine = sql;
SELECT datasurface.ds_run('rules_changes', 'by sql');
SET datasurface.merge_engine = native;
SELECT datasurface.ds_run('rules_changes', 'by native');
SELECT batch, state, held_because, run_ids FROM datasurface.batches WHERE stream = 'rules_changes' AND state = 'held';
SELECT datasurface.ds_discard_batch('rules_changes', 3, 'a test');
RESET datasurface.merge_engine;
CALL scene.make(scene.store('rules_changes', '[]'));
SET client_min_messages = error;
DROP OWNED BY regress_rules_owner CASCADE;
DROP ROLE regress_rules_owner;
SET client_min_messages = warning;

-- references: rows that refer to nothing, and rows that vanish where others refer to them
RESET datasurface.merge_engine;
SELECT pg_temp.begin_source();
CALL scene.make(pg_temp.store('rules_refers', '[]', '[{"name": "customer", "columns": ["customer"],
    "dataset": "customers"}]'));
SELECT datasurface.ds_run('rules_refers');
UPDATE rules_source.orders SET customer = NULL WHERE id = 1;
SELECT datasurface.ds_run('rules_refers', 'NULL passes');
UPDATE rules_source.orders SET customer = 70 + id WHERE id BETWEEN 8 AND 13;
SELECT datasurface.ds_run('rules_refers', 'unknown customers');
SELECT held_because FROM datasurface.batches WHERE stream = 'rules_refers' AND state = 'held';
SELECT * FROM pg_temp.found WHERE stream = 'rules_refers';
SET datasurface.merge_engine = sql;
SELECT datasurface.ds_run('rules_refers', 'by the other engine');
SELECT batch, state FROM datasurface.batches WHERE stream = 'rules_refers' ORDER BY batch;
RESET datasurface.merge_engine;
INSERT INTO rules_source.customers SELECT 70 + id FROM generate_series(8, 13) id;
SELECT datasurface.ds_run('rules_refers', 'the customers come too');
DELETE FROM rules_source.customers WHERE id IN (79, 80);
SELECT datasurface.ds_run('rules_refers', 'two of them vanish');
SELECT * FROM pg_temp.found WHERE stream = 'rules_refers' AND batch = (SELECT max(batch)
    FROM datasurface.batches WHERE stream = 'rules_refers');
-- a batch that a brake has stopped was held before references could be asked: its release asks them
SELECT pg_temp.begin_source();
UPDATE rules_source.orders SET customer = 9 WHERE id = 1;
CALL scene.make(pg_temp.store('rules_hidden', '[]', '[{"name": "customer", "columns": ["customer"],
    "dataset": "customers"}]', '{"brakes": {"deletes": {"percent": 20}}}'));
SELECT datasurface.ds_run('rules_hidden');
DELETE FROM rules_source.customers WHERE id > 4;
SELECT datasurface.ds_run('rules_hidden');
SELECT datasurface.ds_release_batch('rules_hidden', 2, 'they have left');
SELECT datasurface.ds_release_batch('rules_hidden', 2, 'the order stays');
-- in a store of single streams the other dataset is asked as it is
SELECT pg_temp.begin_source();
CALL scene.make(pg_temp.store('rules_alone', '[]', '[{"name": "customer", "columns": ["customer"],
    "dataset": "customers", "severity": "fail"}]',
    '{"consistency": "single"}'));
SELECT datasurface.ds_run('rules_alone#orders', 'too early');
SELECT scene.refused($$SELECT datasurface.ds_require('rules_alone#orders', 'too early')$$);
SELECT datasurface.ds_run('rules_alone#customers'), datasurface.ds_run('rules_alone#orders', 'in time');
-- rows that vanish there are found by the next batch of the dataset that refers, once it changes a row
DELETE FROM rules_source.customers WHERE id = 4;
SELECT datasurface.ds_run('rules_alone#customers'), datasurface.ds_run('rules_alone#orders', 'nothing new');
UPDATE rules_source.orders SET total = 100 WHERE id = 1;
SELECT datasurface.ds_run('rules_alone#orders', 'a row changes');
-- a dataset may refer to itself
CALL scene.make(scene.store('rules_tree', scene.dataset('orders', 'id integer, customer integer, total numeric',
    'TABLE rules_source.orders',
    more => '{"references": [{"name": "parent", "columns": ["customer"], "dataset": "orders"}]}')));
SELECT datasurface.ds_run('rules_tree');
UPDATE rules_source.orders SET customer = NULL WHERE customer = 0;
SELECT datasurface.ds_run('rules_tree', 'zero is none');
DELETE FROM rules_source.orders WHERE id = 4;
SELECT datasurface.ds_run('rules_tree', 'four goes');
SELECT batch, state, held_because FROM datasurface.batches WHERE stream = 'rules_tree' ORDER BY batch;
-- a composite value with a NULL in it is not NULL, and has to be there
CREATE TYPE rules_source.place AS (town integer, street integer);
CREATE TABLE rules_source.places (id integer, at rules_source.place, near rules_source.place);
INSERT INTO rules_source.places VALUES (1, '(1,)', '(1,)'), (2, '(,)', '(,)'), (3, '(2,)', '(3,)'), (4, '(4,4)', '(,1)'),
    (5, '(5,)', NULL);
CALL scene.make(scene.store('rules_places', scene.dataset('places',
    'id integer, at rules_source.place, near rules_source.place', 'TABLE rules_source.places',
    more => '{"references": [{"name": "near", "columns": ["near"], "dataset": "places", "to": ["at"]}]}')));
SELECT datasurface.ds_run('rules_places');
SELECT * FROM pg_temp.found WHERE stream = 'rules_places';

-- a first load with a key twice and a row that breaks a rule: the key is named, for nothing else can be told of such rows
SET client_min_messages = warning;
SELECT pg_temp.begin_source();
INSERT INTO rules_source.orders VALUES (1, 1, -1);
CALL scene.make(pg_temp.store('rules_twice', pg_temp.checks('positive: total > 0 -> fail')));
SET client_min_messages = error;
SET datasurface.merge_engine = native;
SELECT datasurface.ds_run('rules_twice');
SELECT error_sqlstate, error_message FROM datasurface.batches WHERE stream = 'rules_twice';
SET datasurface.merge_engine = sql;
SELECT datasurface.ds_run('rules_twice');
SELECT error_sqlstate, error_message FROM datasurface.batches WHERE stream = 'rules_twice';
RESET datasurface.merge_engine;
