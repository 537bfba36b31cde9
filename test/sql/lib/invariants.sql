-- A source that changes, streams that take it in, and what must hold of their tables after each batch.
-- Every stream has a twin that takes in the same source and is never disturbed.

CREATE TABLE source_orders (id integer PRIMARY KEY, customer text, amount numeric);
CREATE TABLE source_lines (id integer PRIMARY KEY, item text, price numeric);
-- the source as each batch of a stream should have found it
CREATE TABLE image_orders (stream text, batch integer, LIKE source_orders);
CREATE TABLE image_lines (stream text, batch integer, LIKE source_lines);

-- Rows vanish, rows come back, and amounts go to and fro.
CREATE FUNCTION change_source(step integer) RETURNS void LANGUAGE sql AS $$
    DELETE FROM source_orders WHERE id % 7 = step % 7;
    UPDATE source_orders SET amount = CASE step % 2 WHEN 0 THEN id ELSE id + 0.50 END WHERE id % 5 = 0;
    INSERT INTO source_orders SELECT id, 'customer ' || id, id FROM generate_series(1, 210) id
        WHERE id % 7 IN ((step + 2) % 7, (step + 5) % 7) ON CONFLICT DO NOTHING;
    DELETE FROM source_lines WHERE id % 11 = step % 11;
    UPDATE source_lines SET price = price + 1 WHERE id % 13 = step % 13;
    INSERT INTO source_lines SELECT id, nullif('item ' || id, 'item 3'), id FROM generate_series(1, 130) id
        WHERE id % 11 <> step % 11 ON CONFLICT DO NOTHING;
$$;

CREATE FUNCTION keep_image(stream text, batch integer) RETURNS void LANGUAGE sql AS $$
    INSERT INTO image_orders SELECT stream, batch, o.* FROM source_orders o;
    INSERT INTO image_lines SELECT stream, batch, l.* FROM source_lines l;
$$;

CREATE FUNCTION dataset(name text, milestoning text, columns json, kind text) RETURNS json LANGUAGE sql AS $$
    SELECT json_build_object('name', name, 'description', name, 'primary_key', json_build_array('id'), 'milestoning',
        milestoning,
        'columns', columns, 'ingestion', CASE kind WHEN 'push' THEN json_build_object('kind', 'push')
            ELSE json_build_object('kind', 'sql_snapshot', 'query', 'SELECT * FROM public.source_' || name) END);
$$;

CREATE FUNCTION store(name text, kind text, consistency text DEFAULT 'multi') RETURNS json LANGUAGE sql AS $$
    SELECT json_build_object('name', name, 'description', name, 'consistency', consistency, 'datasets',
        json_build_array(
        dataset('orders', 'milestoned', '[{"name": "id", "type": "integer"}, {"name": "customer", "type": "text"},
            {"name": "amount", "type": "numeric"}]', kind),
        dataset('lines', 'live', '[{"name": "id", "type": "integer"}, {"name": "item", "type": "text"},
            {"name": "price", "type": "numeric"}]', kind)));
$$;

-- Fills the staging tables of a store whose rows are pushed.
CREATE FUNCTION push(store text) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
    EXECUTE format('INSERT INTO %I.orders_staging (id, customer, amount) TABLE public.source_orders', store);
    EXECUTE format('INSERT INTO %I.lines_staging (id, item, price) TABLE public.source_lines', store);
END $$;

CREATE FUNCTION differences(one text, other text) RETURNS bigint LANGUAGE plpgsql AS $$
DECLARE
    found bigint;
BEGIN
    EXECUTE format('SELECT count(*) FROM ((%1$s EXCEPT ALL %2$s) UNION ALL (%2$s EXCEPT ALL %1$s)) x', one,
        other) INTO found;
    RETURN found;
END $$;

CREATE FUNCTION image(stream text, batch integer, dataset text) RETURNS text LANGUAGE sql AS $$
    SELECT format('SELECT id, %s FROM image_%s WHERE stream = %L AND batch = %s',
                  CASE dataset WHEN 'orders' THEN 'customer, amount' ELSE 'item, price' END, dataset, stream, batch);
$$;

-- What a batch of a dataset did, by its images alone.
CREATE FUNCTION true_counts(stream text, batch integer, dataset text) RETURNS text LANGUAGE plpgsql AS $$
DECLARE
    counts text;
BEGIN
    EXECUTE format($sql$
        SELECT concat_ws(' ', count(*) FILTER (WHERE o.id IS NULL), count(*) FILTER (WHERE n <> o),
                         count(*) FILTER (WHERE n.id IS NULL), count(*) FILTER (WHERE n = o))
        FROM (%s) n FULL JOIN (%s) o USING (id) $sql$, image(stream, batch, dataset), image(stream, batch - 1, dataset))
            INTO counts;
    RETURN counts;
END $$;

-- What is wrong with a dataset whose newest committed batch is this one, as far as the images since this other one
-- tell.
CREATE FUNCTION dataset_problems(stream text, store text, dataset text, newest integer, oldest integer)
    RETURNS TABLE (problem text) LANGUAGE plpgsql AS $$
#variable_conflict use_variable
DECLARE
    different bigint;
BEGIN
    different := differences(replace(image(stream, newest, dataset),
        format('image_%s WHERE stream = %L AND batch = %s', dataset, stream, newest),
                                 format('%I.%I', store, dataset)), image(stream, newest, dataset));
    IF different > 0 THEN RETURN QUERY SELECT format('%s: %s rows differ from the source', dataset, different); END IF;
    RETURN QUERY SELECT format('%s: batch %s counted %s, true are %s', dataset, d.batch,
        concat_ws(' ', d.inserted, d.updated, d.deleted, d.unchanged),
                               true_counts(stream, d.batch, dataset))
        FROM datasurface.batch_datasets d
            WHERE d.stream = dataset_problems.stream AND d.dataset = dataset_problems.dataset
        AND d.batch BETWEEN oldest + 1 AND newest AND d.state = 'committed'
        AND true_counts(stream, d.batch, dataset) <> concat_ws(' ', d.inserted, d.updated, d.deleted, d.unchanged);
    IF dataset = 'orders' THEN
        RETURN QUERY SELECT * FROM history_problems(stream, store, newest, oldest);
    END IF;
END $$;

CREATE FUNCTION history_problems(stream text, store text, newest integer, oldest integer) RETURNS TABLE (problem text)
    LANGUAGE plpgsql AS $$
#variable_conflict use_variable
BEGIN
    RETURN QUERY SELECT 'as of batch ' || b || ' is not what the source was then'
        FROM generate_series(greatest(1, oldest), newest) b
        WHERE differences(format('SELECT id, customer, amount FROM %I.orders_as_of(%s)', store, b),
            image(stream, b, 'orders')) > 0;
    RETURN QUERY EXECUTE format($sql$
        WITH version AS (TABLE %1$I.orders UNION ALL TABLE %1$I.orders_history)
        SELECT 'versions of key ' || a.id || ' overlap' FROM version a JOIN version b USING (id)
        WHERE (a.ds_surf_batch_in, a.ds_surf_batch_out) < (b.ds_surf_batch_in, b.ds_surf_batch_out)
            AND a.ds_surf_batch_out >= b.ds_surf_batch_in
        UNION ALL
        SELECT 'a version of key ' || id || ' ends before it begins'
            FROM version WHERE ds_surf_batch_in > ds_surf_batch_out
        UNION ALL
        SELECT 'the history has an open version of key ' || id FROM %1$I.orders_history
            WHERE ds_surf_batch_out >= %2$s $sql$, store, newest);
END $$;

-- Everything that is wrong with a stream, whose newest batch is to be committed as this one.
CREATE FUNCTION problems(store text, newest integer) RETURNS TABLE (problem text) LANGUAGE plpgsql AS $$
DECLARE
    twin text := store || '_twin';
    dataset text;
    relation text;
    different bigint;
BEGIN
    FOREACH relation IN ARRAY ARRAY['orders', 'orders_history', 'lines', 'orders_staging', 'lines_staging'] LOOP
        IF relation LIKE '%staging' THEN
            EXECUTE format('SELECT count(*) FROM %I.%I', store, relation) INTO different;
        ELSE
            different := differences(format('TABLE %I.%I', store, relation), format('TABLE %I.%I', twin, relation));
        END IF;
        IF different > 0 THEN RETURN QUERY
            SELECT format('%s: %s rows differ from an undisturbed run', relation, different); END IF;
    END LOOP;
    FOREACH dataset IN ARRAY ARRAY['orders', 'lines'] LOOP
        RETURN QUERY SELECT * FROM dataset_problems(store, store, dataset, newest, greatest(1, newest - 2));
    END LOOP;
    RETURN QUERY SELECT format('batches %s are not 1 to %s, all committed', s.list, newest) FROM
        (SELECT string_agg(b.batch || ' ' || b.state, ', ' ORDER BY b.batch) AS list,
                count(*) = newest AND min(b.batch) = 1 AND max(b.batch) = newest
                    AND bool_and(b.state = 'committed') AS good
         FROM datasurface.batches b WHERE b.stream = store) s WHERE s.good IS NOT TRUE;
    RETURN QUERY SELECT 'commit times do not rise from batch to batch, up to that of the stream' FROM
        (SELECT array_agg(b.batch ORDER BY b.finished_at, b.batch DESC) = array_agg(b.batch ORDER BY b.batch)
                AND max(b.finished_at) = (SELECT t.checked_at FROM datasurface.streams t
                    WHERE t.stream = problems.store) AS good
         FROM datasurface.batches b WHERE b.stream = store AND b.state = 'committed') s WHERE s.good IS NOT TRUE;
    RETURN QUERY SELECT 'another batch than the last that changed something is named for the time of batch ' || b.batch
        FROM datasurface.batches b WHERE b.stream = store AND b.batch > newest - 3 AND b.state = 'committed'
        AND datasurface.ds_batch_at(store, b.finished_at) IS DISTINCT FROM (SELECT max(c.batch)
            FROM datasurface.batches c
            WHERE c.stream = store AND c.batch <= b.batch AND c.inserted + c.updated + c.deleted > 0);
END $$;

-- A batch that is not committed shows nothing: the tables are as the batch before left them.
CREATE FUNCTION problems_before(store text, newest integer) RETURNS TABLE (problem text) LANGUAGE plpgsql AS $$
BEGIN
    RETURN QUERY SELECT dataset || ' does not show the batch before'
        FROM unnest(ARRAY['orders', 'lines']) dataset
        WHERE differences(format('SELECT id, %s FROM %I.%I', CASE dataset WHEN 'orders' THEN 'customer, amount'
            ELSE 'item, price' END,
                                 store, dataset), image(store, newest - 1, dataset)) > 0;
    RETURN QUERY SELECT format('batch %s is committed', newest) FROM datasurface.batches b
        WHERE b.stream = store AND b.batch = newest AND b.state = 'committed';
    RETURN QUERY EXECUTE format('SELECT %L || count(*) FROM %I.orders_history WHERE ds_surf_batch_out >= %s HAVING count(*) > 0',
                                'versions closed by a batch that is not committed: ', store, newest - 1);
END $$;

CREATE EXTENSION datasurface;
SELECT version FROM datasurface.ds_load_model(json_build_object(
    'brakes', '{"deletes": "off", "empty": "off"}'::json, 'stores', json_build_array(
    store('pull', 'pull'), store('pull_twin', 'pull'), store('push', 'push'), store('push_twin', 'push')))::text);
SELECT count(*) FROM datasurface.ds_reconcile_schema() WHERE action = 'failed';
SELECT change_source(0);
