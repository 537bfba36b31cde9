-- Each brake with each action: who is told what, what is published, and that both engines find the same, with one
-- digest. A store of two datasets is held as a whole, and readers see nothing of it.
\set SHOW_CONTEXT never
SET client_min_messages = error;
CREATE SCHEMA brakes_source;
CREATE TABLE brakes_source.orders (id integer, v text);
CREATE TABLE brakes_source.customers (id integer, v text);

-- A store of a milestoned and a live dataset; or of one of them, which is a stream of its own.
CREATE FUNCTION pg_temp.store(name text, brakes jsonb, consistency text, keys text) RETURNS jsonb LANGUAGE sql AS $$
    SELECT scene.store(name, scene.dataset('orders', 'id integer, v text', 'TABLE brakes_source.orders',
        milestoned => true,
            more => jsonb_build_object('duplicate_keys', keys, 'brakes', brakes))
        || scene.dataset('customers', 'id integer, v text', 'TABLE brakes_source.customers',
            more => jsonb_build_object('duplicate_keys', keys, 'brakes', brakes)),
        jsonb_build_object('consistency', consistency))
$$;

CREATE FUNCTION pg_temp.readers_see(store text) RETURNS text LANGUAGE plpgsql AS $$
DECLARE
    seen text;
BEGIN
    EXECUTE format($q$ SELECT (SELECT count(*) || ' ' || count(*) FILTER (WHERE v = 'new') FROM %1$I.orders) || ', '
        || (SELECT count(*) FROM %1$I.orders_history) || ', '
        || (SELECT count(*) || ' ' || count(*) FILTER (WHERE v = 'new') FROM %1$I.customers) $q$, store) INTO seen;
    RETURN seen;
END $$;

CREATE TABLE tried (brake text, action text, engine text, consistency text, answer text, findings text, counts text,
    readers text, digests text);

-- A first load of 40 orders and 20 customers, then a change, all by one engine. The v of customers never changes.
CREATE PROCEDURE pg_temp.try(engine text, consistency text, brake text, action text, threshold jsonb, change text)
    LANGUAGE plpgsql AS $$
#variable_conflict use_column
DECLARE
    store text := concat_ws('_', 'brakes', engine, consistency, brake, action);
    streams text[] := CASE consistency WHEN 'multi' THEN ARRAY[store] ELSE ARRAY[store || '#orders',
        store || '#customers'] END;
    -- the others are off
    brakes jsonb := '{"deletes": "off", "empty": "off"}' || jsonb_build_object(brake,
        CASE action WHEN 'off' THEN '"off"' ELSE threshold || jsonb_build_object('action', action) END);
BEGIN
    PERFORM set_config('datasurface.merge_engine', engine, false);
    TRUNCATE brakes_source.orders, brakes_source.customers;
    INSERT INTO brakes_source.orders SELECT i, 'v' FROM generate_series(1, 40) i;
    INSERT INTO brakes_source.customers SELECT i, 'v' FROM generate_series(1, 20) i;
    CALL scene.make(pg_temp.store(store, brakes, consistency, CASE brake WHEN 'surplus' THEN 'last' ELSE 'error' END));
    PERFORM datasurface.ds_run(s) FROM unnest(streams) s;
    EXECUTE change;
    INSERT INTO tried SELECT brake, action, engine, consistency,
        (SELECT string_agg(datasurface.ds_run(s), ', ' ORDER BY o) FROM unnest(streams) WITH ORDINALITY x(s, o));
    UPDATE tried t SET
        findings = (SELECT string_agg(concat_ws(' ', f.action, message), '; ' ORDER BY dataset)
            FROM datasurface.batch_findings f WHERE stream = ANY (streams)),
        counts = (SELECT string_agg(format('%s %s %s+ %s~ %s- %s= %s2', dataset, staged, inserted, updated, deleted,
            unchanged,
            surplus), '; ' ORDER BY dataset) FROM datasurface.batch_datasets WHERE stream = ANY (streams)
                AND batch = 2),
        digests = (SELECT string_agg(d.name || coalesce(changes_digest, ' no'), ' ' ORDER BY d.name)
            FROM datasurface.batch_dataset JOIN datasurface.dataset d USING (dataset_id)
                JOIN datasurface.stream s USING (stream_id)
            WHERE s.name = ANY (streams) AND batch_id = 2),
        readers = pg_temp.readers_see(store)
    WHERE (t.engine, t.consistency, t.brake, t.action) = (try.engine, try.consistency, try.brake, try.action);
END $$;

DO $$
DECLARE
    t record;
BEGIN
    FOR t IN SELECT * FROM unnest(ARRAY['native', 'sql']) engine, unnest(ARRAY['off', 'warn', 'hold', 'fail']) action,
        (VALUES
        ('deletes', '{"rows": 9, "percent": 20}'::jsonb, 'DELETE FROM brakes_source.orders WHERE id <= 10'),
        ('changes', '{"percent": 50}', 'UPDATE brakes_source.orders SET v = ''new'' WHERE id <= 15;
            DELETE FROM brakes_source.orders WHERE id = 40; INSERT INTO brakes_source.orders SELECT i, ''new''
                FROM generate_series(41, 45) i'),
        ('empty', '{"rows": 40}', 'DELETE FROM brakes_source.orders'),
        ('rows', '{"factor": 1.5}', 'INSERT INTO brakes_source.orders SELECT i, ''new'' FROM generate_series(41,
            61) i'),
        ('surplus', '{"rows": 4}', 'INSERT INTO brakes_source.orders SELECT i, ''new'' FROM generate_series(1, 5) i'))
        b (brake, threshold, change)
    LOOP
        CALL pg_temp.try(t.engine, 'multi', t.brake, t.action, t.threshold, t.change);
        IF t.action = 'hold' THEN CALL pg_temp.try(t.engine, 'single', t.brake, t.action, t.threshold,
            t.change); END IF;
    END LOOP;
END $$;
-- where both engines find the same there is one line
SELECT brake, action, answer, counts, readers, string_agg(engine, ', ' ORDER BY engine) AS engines,
    count(digests) AS with_digests FROM tried WHERE consistency = 'multi'
GROUP BY brake, action, answer, counts, readers ORDER BY brake, array_position(ARRAY['off', 'warn', 'hold', 'fail'],
    action);
SELECT brake, action, findings, string_agg(engine, ', ' ORDER BY engine) AS engines FROM tried
    WHERE consistency = 'multi'
GROUP BY brake, action, findings ORDER BY brake, array_position(ARRAY['off', 'warn', 'hold', 'fail'], action);
SELECT brake, answer, counts, findings, readers, string_agg(engine, ', ' ORDER BY engine) AS engines,
    count(digests) AS with_digests FROM tried WHERE consistency = 'single'
GROUP BY brake, answer, counts, findings, readers ORDER BY brake;
-- what is held has a digest of all its datasets; each batch has a seed of its own, so digests of two batches differ
SELECT action, count(*) FILTER (WHERE digests LIKE '% no%') AS without, count(*) FROM tried WHERE consistency = 'multi'
GROUP BY action ORDER BY action;
-- a batch that fails says why
SELECT stream, error_step, error_sqlstate, error_message, error_detail, error_hint FROM datasurface.batches
WHERE stream = 'brakes_sql_multi_deletes_fail' AND state = 'failed';

-- A threshold that is met is not passed.
CREATE PROCEDURE pg_temp.at_the_threshold(brake text, threshold jsonb, change text) LANGUAGE plpgsql AS $$
DECLARE
    action text;
BEGIN
    CALL pg_temp.try('native', 'single', brake, 'fail', threshold, change);
    SELECT answer INTO action FROM tried t WHERE t.action = 'fail' AND t.consistency = 'single'
        AND t.brake = at_the_threshold.brake;
    RAISE NOTICE '% %: %', brake, threshold, action;
END $$;
SET client_min_messages = notice;
CALL pg_temp.at_the_threshold('deletes', '{"rows": 10, "percent": 20}', 'DELETE FROM brakes_source.orders
    WHERE id <= 10');
CALL pg_temp.at_the_threshold('changes', '{"percent": 25}', 'DELETE FROM brakes_source.orders WHERE id <= 10');
CALL pg_temp.at_the_threshold('empty', '{"rows": 41}', 'DELETE FROM brakes_source.orders');
CALL pg_temp.at_the_threshold('rows', '{"factor": 1.5}', 'INSERT INTO brakes_source.orders SELECT i
    FROM generate_series(41, 60) i');
CALL pg_temp.at_the_threshold('surplus', '{"rows": 5}', 'INSERT INTO brakes_source.orders SELECT i
    FROM generate_series(1, 5) i');

-- A first load has no brakes. The built-in ones stop a pull of nothing from 100 rows on, and deletions above 1,000 rows
-- and 30 %.
RESET datasurface.merge_engine;
TRUNCATE brakes_source.orders;
CALL scene.make(scene.store('brakes_built_in', scene.dataset('orders', 'id integer, v text',
    'TABLE brakes_source.orders'),
    '{"when_held": "wait"}'));
SELECT datasurface.ds_run('brakes_built_in', 'none');
INSERT INTO brakes_source.orders SELECT i, 'v' FROM generate_series(1, 99) i;
SELECT datasurface.ds_run('brakes_built_in', '99');
DELETE FROM brakes_source.orders;
SELECT datasurface.ds_run('brakes_built_in', 'none of 99');
INSERT INTO brakes_source.orders SELECT i, 'v' FROM generate_series(1, 4000) i;
SELECT datasurface.ds_run('brakes_built_in', '4000');
DELETE FROM brakes_source.orders WHERE id <= 1200;
SELECT datasurface.ds_run('brakes_built_in', '30 %');
DELETE FROM brakes_source.orders WHERE id <= 2400;
SELECT datasurface.ds_run('brakes_built_in', '1200 of 2800');
SELECT datasurface.ds_discard_batch('brakes_built_in', 6, 'a test');
DELETE FROM brakes_source.orders;
SELECT datasurface.ds_run('brakes_built_in', 'none of 2800');
SELECT batch, state, deleted, held_because FROM datasurface.batches WHERE stream = 'brakes_built_in' ORDER BY batch;
SELECT count(*) FROM brakes_built_in.orders;
