-- One source, taken in by four streams: milestoned and live, pushed (staging is logged) and pulled (staging is
-- unlogged). Rows are many enough for several writes of the native engine per batch, some values are stored out of
-- line, and users' indexes of every kind stand on the merge tables.

CREATE EXTENSION datasurface;
CREATE EXTENSION amcheck;

CREATE TABLE source (id integer PRIMARY KEY, label text, amount numeric, note text, spot point);
-- the source as each batch found it
CREATE TABLE image (batch integer, LIKE source);

CREATE FUNCTION noise(seed integer, size integer) RETURNS text LANGUAGE sql IMMUTABLE AS
$$ SELECT left(string_agg(md5(seed || ' ' || i), '' ORDER BY i), size) FROM generate_series(1, size / 32 + 1) i $$;

CREATE FUNCTION source_row(id integer, step integer) RETURNS source LANGUAGE sql IMMUTABLE AS $$
    SELECT id, 'row ' || id, id + 0.5 * step, CASE WHEN id % 100 = 3 THEN noise(id + step / 2, 3000) WHEN id % 3 > 0
        THEN noise(id, 40) END,
           point(id, step);
$$;

-- Each step 300 rows or more vanish, as many come (back), and others change.
CREATE FUNCTION change_source(step integer) RETURNS void LANGUAGE sql AS $$
    DELETE FROM source WHERE id % 9 = step % 9;
    UPDATE source s SET (label, amount, note, spot) = (SELECT n.label, n.amount, n.note, n.spot
        FROM source_row(s.id, step) n) WHERE id % 8 = step % 8;
    INSERT INTO source SELECT n.* FROM generate_series(1, 3000) i, source_row(i, step) n
        WHERE i % 9 <> step % 9 ON CONFLICT DO NOTHING;
    DELETE FROM image WHERE batch = step;
    INSERT INTO image SELECT step, s.* FROM source s;
$$;

CREATE FUNCTION store(name text, milestoning text, ingestion json) RETURNS json LANGUAGE sql AS $$
    SELECT json_build_object('name', name, 'description', name, 'datasets', json_build_array(json_build_object(
        'name', 'rows', 'description', 'rows', 'primary_key', json_build_array('id'), 'milestoning', milestoning,
        'ingestion', ingestion, 'columns',
        '[{"name": "id", "type": "integer"}, {"name": "label", "type": "text"}, {"name": "amount", "type": "numeric"},
                     {"name": "note", "type": "text"}, {"name": "spot", "type": "point"}]'::json)));
$$;

-- The streams, with indexes that their users made.
CREATE PROCEDURE make_streams() LANGUAGE plpgsql AS $$
DECLARE
    pull constant json := '{"kind": "sql_snapshot", "query": "SELECT * FROM public.source"}';
    stream text;
BEGIN
    PERFORM datasurface.ds_load_model(json_build_object('stores', json_build_array(
        store('kept_push', 'milestoned', '{"kind": "push"}'), store('kept_pull', 'milestoned', pull),
        store('live_push', 'live', '{"kind": "push"}'), store('live_pull', 'live', pull)))::text);
    PERFORM datasurface.ds_reconcile_schema();
    FOREACH stream IN ARRAY ARRAY['kept_push', 'kept_pull', 'live_push', 'live_pull'] LOOP
        EXECUTE format('CREATE INDEX ON %I.rows (label, amount)', stream);
        EXECUTE format('CREATE INDEX ON %I.rows (lower(label), length(note)) WHERE id %% 2 = 0', stream);
        EXECUTE format('CREATE UNIQUE INDEX ON %I.rows (label) INCLUDE (amount)', stream);
        EXECUTE format('CREATE INDEX ON %I.rows USING hash (amount)', stream);
        EXECUTE format('CREATE INDEX ON %I.rows USING gin (to_tsvector(''simple'', label))', stream);
        EXECUTE format('CREATE INDEX ON %I.rows USING gist (spot)', stream);
        EXECUTE format('CREATE INDEX ON %I.rows USING spgist (spot)', stream);
        EXECUTE format('CREATE INDEX ON %I.rows USING brin (id)', stream);
    END LOOP;
END $$;

-- Fills and seals a pushed batch.
CREATE FUNCTION fill(stream text, batch integer) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
    EXECUTE format('INSERT INTO %I.rows_staging (id, label, amount, note, spot) TABLE source', stream);
    PERFORM datasurface.ds_ingest(stream, batch);
END $$;

-- What must come before ds_run.
CREATE FUNCTION stage(stream text, batch integer) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
    IF stream LIKE '%push' THEN
        PERFORM datasurface.ds_start_batch(stream);
        PERFORM fill(stream, batch);
    END IF;
END $$;

-- What a merge table holds, and its history.
CREATE FUNCTION content(stream text) RETURNS text LANGUAGE plpgsql AS $$
DECLARE
    digest text;
BEGIN
    EXECUTE format('SELECT md5(string_agg(md5(t::text), '''' ORDER BY t::text)) FROM (TABLE %I.rows %s) t', stream,
        CASE WHEN stream LIKE 'kept%' THEN format('UNION ALL TABLE %I.rows_history', stream) END) INTO digest;
    RETURN digest;
END $$;

CREATE FUNCTION differences(one text, other text) RETURNS bigint LANGUAGE plpgsql AS $$
DECLARE
    found bigint;
BEGIN
    one := format('SELECT x::text FROM (%s) x', one);
    other := format('SELECT x::text FROM (%s) x', other);
    EXECUTE format('SELECT count(*) FROM ((%1$s EXCEPT ALL %2$s) UNION ALL (%2$s EXCEPT ALL %1$s)) x', one,
        other) INTO found;
    RETURN found;
END $$;

-- Everything that is wrong with a stream whose newest committed batch is to be this one.
CREATE FUNCTION problems(stream text, newest integer) RETURNS TABLE (problem text) LANGUAGE plpgsql AS $$
DECLARE
    image constant text := 'SELECT id, label, amount, note, spot FROM image WHERE batch = ';
    payload constant text := 'SELECT id, label, amount, note, spot FROM ';
BEGIN
    RETURN QUERY SELECT 'the merge table is not what the source was'
        WHERE differences(payload || quote_ident(stream) || '.rows', image || newest) > 0;
    IF stream LIKE 'kept%' THEN
        RETURN QUERY SELECT 'as of batch ' || b || ' is not what the source was then' FROM generate_series(1, newest) b
            WHERE differences(payload || format('%I.rows_as_of(%s)', stream, b), image || b) > 0;
    END IF;
    RETURN QUERY SELECT format('batch %s was merged by %s: %s', b.batch, b.engine, b.engine_reason)
        FROM datasurface.batch_datasets b
            WHERE b.stream = problems.stream AND b.state = 'committed' AND b.engine <> 'native';
    RETURN QUERY SELECT 'the newest committed batch is ' || coalesce(max(b.batch), 0) FROM datasurface.batches b
        WHERE b.stream = problems.stream AND b.state = 'committed' HAVING coalesce(max(b.batch), 0) <> newest;
END $$;

-- What amcheck finds in all tables and btree indexes of a stream.
CREATE FUNCTION damage(stream text) RETURNS TABLE (problem text) LANGUAGE plpgsql AS $$
DECLARE
    relation regclass;
BEGIN
    FOR relation IN SELECT oid FROM pg_class WHERE relnamespace = stream::regnamespace AND relkind = 'r' LOOP
        RETURN QUERY SELECT format('%s (%s,%s): %s', relation, blkno, offnum, msg)
            FROM verify_heapam(relation, check_toast => true);
    END LOOP;
    FOR relation IN SELECT c.oid FROM pg_class c JOIN pg_am a ON a.oid = c.relam
        WHERE c.relnamespace = stream::regnamespace AND c.relkind = 'i' AND a.amname = 'btree' LOOP
        BEGIN
            PERFORM bt_index_check(relation, true);
        EXCEPTION WHEN OTHERS THEN
            RETURN QUERY SELECT format('%s: %s', relation, SQLERRM);
        END;
    END LOOP;
END $$;

CALL make_streams();
