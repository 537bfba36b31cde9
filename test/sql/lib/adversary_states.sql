-- What may be true while several sessions work on a few streams at once, and what is wrong. Loaded after
-- invariants.sql.
--
-- Every version of the source has a number, which its row 0 tells. Pushed rows are those of a version, and their row 0
-- has the number of the push instead. So what is published says itself what it was made of.

CREATE TABLE version (version integer PRIMARY KEY);
CREATE TABLE version_orders (version integer, LIKE source_orders, PRIMARY KEY (version, id));
CREATE TABLE version_lines (version integer, LIKE source_lines, PRIMARY KEY (version, id));
CREATE INDEX ON image_orders (stream, batch);
CREATE INDEX ON image_lines (stream, batch);
CREATE TABLE adversary_stream (stream text PRIMARY KEY, store text, datasets text[], pushed boolean);
INSERT INTO adversary_stream VALUES ('pull', 'pull', '{orders,lines}', false), ('push', 'push', '{orders,lines}', true),
    ('pulls#orders', 'pulls', '{orders}', false), ('pulls#lines', 'pulls', '{lines}', false),
    ('pushs#orders', 'pushs', '{orders}', true), ('pushs#lines', 'pushs', '{lines}', true);

-- What sessions did, as far as it is committed: a push is there when its rows are. known: when its session was told so.
CREATE TABLE push (push integer, dataset text, stream text, version integer, began timestamptz, known timestamptz,
    PRIMARY KEY (push, dataset));
CREATE TABLE reset (stream text, ended timestamptz);
-- Calls that may have staged or merged something, with the versions of the source before and after them. steps: ingest,
-- merge, both.
CREATE TABLE call (call integer GENERATED ALWAYS AS IDENTITY, stream text, began timestamptz, ended timestamptz,
    oldest integer, newest integer, run text, steps text);
-- What callers were told of run ids, and what was seen of them; and of batches.
CREATE TABLE told (stream text, run_id text, batch integer, committed boolean);
CREATE TABLE seen_run (stream text, run_id text, batch integer, PRIMARY KEY (stream, run_id));
CREATE TABLE seen_batch (stream text, batch integer, dataset text, source integer, counts text,
    PRIMARY KEY (stream, batch, dataset));

CREATE FUNCTION next_version() RETURNS integer LANGUAGE plpgsql AS $$
DECLARE
    step integer;
BEGIN
    LOCK TABLE version IN SHARE ROW EXCLUSIVE MODE;
    SELECT coalesce(max(version), 0) + 1 INTO step FROM version;
    PERFORM change_source(step);
    DELETE FROM source_orders WHERE id = 0;
    INSERT INTO source_orders VALUES (0, 'row 0', step);
    DELETE FROM source_lines WHERE id = 0;
    INSERT INTO source_lines VALUES (0, 'row 0', step);
    INSERT INTO version_orders SELECT step, o.* FROM source_orders o;
    INSERT INTO version_lines SELECT step, l.* FROM source_lines l;
    INSERT INTO version VALUES (step);
    RETURN step;
END $$;

CREATE FUNCTION columns_of(dataset text) RETURNS text LANGUAGE sql IMMUTABLE AS
$$ SELECT CASE dataset WHEN 'orders' THEN 'customer, amount' ELSE 'item, price' END $$;

-- One transaction, in one of the orders of its datasets.
CREATE FUNCTION push_version(push integer, stream text, datasets text[], version integer) RETURNS bigint
    LANGUAGE plpgsql AS $$
#variable_conflict use_variable
DECLARE
    dataset text;
    began timestamptz := clock_timestamp();
    rows bigint;
    total bigint := 0;
BEGIN
    FOREACH dataset IN ARRAY datasets LOOP
        EXECUTE format('INSERT INTO %I.%I (id, %s) SELECT id, %s FROM version_%s WHERE version = $1 AND id > 0 UNION ALL SELECT 0, ''row 0'', $2',
            split_part(stream, '#', 1), dataset || '_staging', columns_of(dataset), columns_of(dataset), dataset)
                USING version, push;
        GET DIAGNOSTICS rows = ROW_COUNT;
        total := total + rows;
        INSERT INTO push VALUES (push, dataset, stream, version, began, NULL);
    END LOOP;
    RETURN total;
END $$;

CREATE FUNCTION reset_batch(stream text, batch integer, if_committed text) RETURNS text LANGUAGE plpgsql AS $$
DECLARE
    answer text := datasurface.ds_reset_batch(stream, batch, if_committed);
BEGIN
    IF answer = 'started' THEN INSERT INTO reset VALUES (stream, clock_timestamp()); END IF;
    RETURN answer;
END $$;

-- What must not be: a run publishes what another run has staged. The catalog is told that it was its own. For the judge
-- of the judge.
CREATE FUNCTION publish_stale(stream text) RETURNS void LANGUAGE plpgsql SET datasurface.pull = staged AS $$
#variable_conflict use_variable
DECLARE
    run text;
    began timestamptz;
    version integer;
BEGIN
    FOREACH run IN ARRAY '{"stale one","stale two"}'::text[] LOOP
        version := next_version();
        began := clock_timestamp();
        UPDATE datasurface.batch b SET staged_by = run FROM datasurface.stream t
            WHERE t.stream_id = b.stream_id AND t.name = stream AND b.state = 'ingested';
        PERFORM datasurface.ds_run(stream, run, budget => '0');
        INSERT INTO call (stream, began, ended, oldest, newest, run, steps)
            VALUES (stream, began, clock_timestamp(), version, version, run, 'both');
    END LOOP;
END $$;

-- A discard removes the rows of a push, as a reset does.
CREATE FUNCTION discard_batch(stream text, batch integer) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
    PERFORM datasurface.ds_discard_batch(stream, batch, 'not this one');
    INSERT INTO reset VALUES (stream, clock_timestamp());
END $$;

-- Those of single streams have brakes.
-- Four stores; more: a column that joins, NULL in all rows; fillfactor: a change that needs ALTER TABLE only.
CREATE FUNCTION adversary_model(more boolean, fillfactor integer, description text) RETURNS text LANGUAGE plpgsql AS $$
DECLARE
    model jsonb := json_build_object('stores', json_build_array(store('pull', 'pull'), store('push', 'push'),
        store('pulls', 'pull', 'single'), store('pushs', 'push', 'single')));
    place text[];
BEGIN
    FOR place IN SELECT ARRAY['stores', s::text] FROM generate_series(2, 3) s LOOP
        model := jsonb_set(model, place, (model #> place)
            || '{"brakes": {"changes": {"percent": 45}}, "when_held": "wait"}');
    END LOOP;
    FOR place IN SELECT ARRAY['stores', s::text, 'datasets', d::text]
        FROM generate_series(0, 3) s, generate_series(0, 1) d LOOP
        model := jsonb_set(model, place || ARRAY['fillfactor'], to_jsonb(fillfactor));
        model := jsonb_set(model, place || ARRAY['description'], to_jsonb(description));
        IF model #>> (place || ARRAY['ingestion', 'kind']) <> 'push' THEN
            model := jsonb_set(model, place || ARRAY['ingestion', 'query'], to_jsonb(
                'SELECT *, NULL::text AS extra FROM public.source_' || (model #>> (place || ARRAY['name']))));
        END IF;
        IF more THEN
            model := jsonb_insert(model, place || ARRAY['columns', '-1'], '{"name": "extra", "type": "text"}', true);
        END IF;
    END LOOP;
    RETURN model::text;
END $$;

-- ---- what is visible at any moment: one snapshot, by STABLE functions
-- ------------------------------------------------------

-- The version, or push, that the rows of a table or function come from; NULL of one that is empty.
CREATE FUNCTION source_of(relation text, dataset text) RETURNS integer LANGUAGE plpgsql STABLE AS $$
DECLARE
    source integer;
BEGIN
    EXECUTE format('SELECT %s FROM %s WHERE id = 0', CASE dataset WHEN 'orders' THEN 'amount' ELSE 'price' END,
        relation) INTO source;
    RETURN source;
END $$;

-- The rows that a version or push stands for, as a query; id and payload.
CREATE FUNCTION rows_of(source integer, dataset text, pushed boolean) RETURNS text LANGUAGE sql STABLE AS $$
    SELECT format('SELECT id, %s FROM version_%s WHERE version = %s AND id > 0', columns_of(dataset), dataset,
               coalesce(CASE WHEN pushed THEN (SELECT p.version
                   FROM push p WHERE p.push = source AND p.dataset = rows_of.dataset) ELSE source END, 0))
           || CASE WHEN source IS NULL THEN '' ELSE format(' UNION ALL SELECT 0, ''row 0'', %s', source) END;
$$;

CREATE FUNCTION differences_now(one text, other text) RETURNS bigint LANGUAGE plpgsql STABLE AS $$
DECLARE
    found bigint;
BEGIN
    EXECUTE format('SELECT count(*) FROM ((%1$s EXCEPT ALL (%2$s)) UNION ALL ((%2$s) EXCEPT ALL %1$s)) x', one,
        other) INTO found;
    RETURN found;
END $$;

CREATE FUNCTION glance(stream text) RETURNS TABLE (problem text) LANGUAGE plpgsql STABLE AS $$
DECLARE
    s adversary_stream;
    dataset text;
    relation text;
    source integer;
    sources integer[];
    committed integer := coalesce((SELECT max(b.batch) FROM datasurface.batches b
        WHERE b.stream = glance.stream AND b.state = 'committed'), 0);
    newest integer;
BEGIN
    SELECT * INTO s FROM adversary_stream a WHERE a.stream = glance.stream;
    FOREACH dataset IN ARRAY s.datasets LOOP
        relation := format('%I.%I', s.store, dataset);
        source := source_of(relation, dataset);
        sources := sources || source;
        IF differences_now(format('SELECT id, %s FROM %s', columns_of(dataset), relation),
            rows_of(source, dataset, s.pushed)) > 0 THEN
            RETURN QUERY SELECT format('%s does not show %s, whose row 0 it has', relation,
                coalesce(source::text, 'nothing'));
        END IF;
        EXECUTE format('SELECT max(ds_surf_batch_in) FROM %s', relation) INTO newest;
        IF newest > committed THEN RETURN QUERY
            SELECT format('%s shows batch %s, committed is %s', relation, newest, committed); END IF;
        IF dataset = 'orders' THEN
            EXECUTE format('SELECT max(ds_surf_batch_out) FROM %I.orders_history', s.store) INTO newest;
            IF newest >= committed THEN RETURN QUERY
                SELECT format('%s: a version ended in batch %s, committed is %s', relation, newest, committed); END IF;
        END IF;
    END LOOP;
    IF NOT s.pushed AND sources[1] IS DISTINCT FROM sources[cardinality(sources)] THEN
        RETURN QUERY SELECT format('%s shows versions %s at once', stream, sources);
    END IF;
END $$;
