-- What must hold when nobody is at work. Loaded after adversary_states.sql.

-- Batches are committed for ever, as they were; their numbers rise without a gap; a run id belongs to one batch for
-- ever.
CREATE FUNCTION catalog_problems(s adversary_stream) RETURNS TABLE (problem text) LANGUAGE plpgsql AS $$
BEGIN
    RETURN QUERY SELECT 'the batches are ' || string_agg(b.batch || ' ' || b.state, ', ' ORDER BY b.batch)
        FROM datasurface.batches b WHERE b.stream = s.stream
        HAVING min(b.batch) <> 1 OR max(b.batch) <> count(*)
            OR bool_or(b.state NOT IN ('started', 'ingested', 'failed', 'committed', 'held', 'discarded'))
            OR count(*) FILTER (WHERE b.state NOT IN ('committed', 'discarded') AND b.batch < (SELECT max(c.batch)
                FROM datasurface.batches c WHERE c.stream = s.stream)) > 0;
    RETURN QUERY SELECT 'the last batch of the stream is not that of its batches' FROM datasurface.streams t
        WHERE t.stream = s.stream
        AND t.last_batch <> (SELECT coalesce(max(b.batch), 0) FROM datasurface.batches b WHERE b.stream = s.stream);
    RETURN QUERY SELECT format('batch %s failed with %s: %s', b.batch, b.error_sqlstate, b.error_message)
        FROM datasurface.batches b
        WHERE b.stream = s.stream AND b.error_sqlstate NOT IN ('SF002', 'SF003', 'SF016', 'SF018', 'SF020');
    RETURN QUERY SELECT format('batch %s of pushed rows belongs to the runs %s', b.batch, b.run_ids)
        FROM datasurface.batches b
        WHERE b.stream = s.stream AND s.pushed AND cardinality(b.run_ids) > 1;
    RETURN QUERY SELECT format('run %s belonged to batch %s, and does no longer', r.run_id, r.batch) FROM
        (TABLE seen_run UNION SELECT stream, run_id, batch FROM told) r WHERE r.stream = s.stream AND NOT EXISTS
        (SELECT FROM datasurface.batches b
            WHERE b.stream = s.stream AND b.batch = r.batch AND (r.run_id = ANY (b.run_ids) OR b.state = 'discarded'));
    RETURN QUERY SELECT format('run %s was told to be done, and is not', t.run_id)
        FROM told t WHERE t.stream = s.stream AND t.committed
        AND NOT EXISTS (SELECT FROM datasurface.batches b
            WHERE b.stream = s.stream AND t.run_id = ANY (b.run_ids) AND b.state = 'committed');
    INSERT INTO seen_run SELECT s.stream, r, b.batch FROM datasurface.batches b, unnest(b.run_ids) r
        WHERE b.stream = s.stream
        ON CONFLICT DO NOTHING;
    RETURN QUERY SELECT format('batch %s of dataset %s was committed as %s, and is no longer', x.batch, x.dataset,
        x.counts)
        FROM seen_batch x WHERE x.stream = s.stream AND NOT EXISTS (SELECT FROM datasurface.batch_datasets d
            WHERE d.stream = x.stream AND d.batch = x.batch AND d.dataset = x.dataset AND d.state = 'committed'
                AND d::text = x.counts);
END $$;

-- The image of a batch that was not looked at yet, by its row 0.
CREATE FUNCTION take_image(s adversary_stream, dataset text, batch integer, source integer) RETURNS void
    LANGUAGE plpgsql AS $$
#variable_conflict use_variable
BEGIN
    EXECUTE format('INSERT INTO image_%s SELECT $1, $2, x.* FROM (%s) x', dataset, rows_of(source, dataset, s.pushed))
        USING s.stream, batch;
    INSERT INTO seen_batch SELECT s.stream, d.batch, d.dataset, source, d::text FROM datasurface.batch_datasets d
        WHERE d.stream = s.stream AND d.batch = take_image.batch AND d.dataset = take_image.dataset;
END $$;

-- A batch that was discarded shows what the one before it showed.
CREATE FUNCTION carry_image(s adversary_stream, dataset text, batch integer) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
    EXECUTE format('INSERT INTO image_%1$s SELECT stream, $2, id, %2$s FROM image_%1$s WHERE stream = $1 AND batch = $2 - 1',
        dataset, columns_of(dataset)) USING s.stream, batch;
END $$;

-- The source was so while one of the calls ran that may have staged it; and the call that published it is that call, or
-- one of the same run, or has named the batch.
CREATE FUNCTION pulled_problems(s adversary_stream, batch integer, source integer) RETURNS TABLE (problem text)
    LANGUAGE sql AS $$
    SELECT format('batch %s has version %s of the source, which was not there when it was pulled', batch, source)
    FROM datasurface.batches b WHERE b.stream = s.stream AND b.batch = pulled_problems.batch AND NOT EXISTS
        (SELECT FROM call c WHERE c.stream = s.stream AND c.steps <> 'merge' AND b.ingested_at BETWEEN c.began
            AND c.ended AND source BETWEEN c.oldest AND c.newest)
    UNION ALL
    SELECT format('batch %s was published by another run than that which had staged it', batch)
    FROM datasurface.batches b WHERE b.stream = s.stream AND b.batch = pulled_problems.batch AND NOT EXISTS
        (SELECT FROM call c JOIN call p USING (stream)
            WHERE c.stream = s.stream AND c.steps <> 'merge' AND b.ingested_at BETWEEN c.began AND c.ended
         AND p.steps <> 'ingest' AND b.finished_at BETWEEN p.began AND p.ended
             AND (p.call = c.call OR p.run = c.run OR p.steps = 'merge'));
$$;

-- A push is published once, and by the first seal that began after it was known; of a live dataset not every batch was
-- seen.
CREATE FUNCTION pushed_problems(s adversary_stream, dataset text, batch integer, source integer)
    RETURNS TABLE (problem text) LANGUAGE plpgsql AS $$
#variable_conflict use_variable
BEGIN
    RETURN QUERY SELECT format('batches %s and %s have the rows of push %s', x.batch, batch, source) FROM seen_batch x
        WHERE x.stream = s.stream AND x.dataset = pushed_problems.dataset AND x.source = pushed_problems.source
            AND x.batch < pushed_problems.batch;
    RETURN QUERY SELECT format('batch %s of dataset %s has push %s, of %s', batch, dataset, source, p.stream)
        FROM push p
        WHERE p.push = source AND p.dataset = pushed_problems.dataset AND p.stream <> s.stream;
    RETURN QUERY SELECT format('push %s was there before batch %s of dataset %s was sealed, which is without it',
        p.push, batch, dataset)
        FROM push p, datasurface.batches b WHERE p.stream = s.stream AND p.dataset = pushed_problems.dataset
            AND p.dataset = 'orders' AND p.push IS DISTINCT FROM source
        AND b.stream = s.stream AND b.batch = pushed_problems.batch
        AND p.known < (SELECT min(c.began)
            FROM call c WHERE c.stream = s.stream AND c.steps <> 'merge' AND b.ingested_at BETWEEN c.began AND c.ended)
        AND NOT EXISTS (SELECT FROM seen_batch x WHERE x.stream = s.stream AND x.dataset = pushed_problems.dataset
            AND x.source = p.push
            AND x.batch < pushed_problems.batch)
        AND NOT EXISTS (SELECT FROM reset r WHERE r.stream = s.stream AND r.ended BETWEEN p.began AND b.ingested_at);
END $$;

-- Pushed rows wait in staging, are published, or were thrown away by a reset; each push as a whole.
CREATE FUNCTION staging_problems(s adversary_stream, dataset text) RETURNS TABLE (problem text) LANGUAGE plpgsql AS $$
#variable_conflict use_variable
DECLARE
    staged bigint;
    waiting text := format('SELECT %s AS push FROM %I.%I WHERE id = 0', CASE dataset WHEN 'orders' THEN 'amount'
        ELSE 'price' END, s.store, dataset || '_staging');
BEGIN
    IF NOT s.pushed THEN RETURN; END IF;
    EXECUTE format('SELECT count(*) FROM %I.%I', s.store, dataset || '_staging') INTO staged;
    RETURN QUERY EXECUTE format($sql$
        SELECT format('%%s rows are staged, and those of pushes %%s should be, %%s', $1, array_agg(p.push), sum(p.rows))
        FROM (SELECT p.push, (SELECT count(*) FROM version_%s v WHERE v.version = p.version) AS rows
              FROM push p WHERE p.dataset = $2 AND p.push IN (%s)) p HAVING coalesce(sum(p.rows), 0) <> $1
        $sql$, dataset, waiting) USING staged, dataset;
    IF dataset = 'orders' THEN
        RETURN QUERY EXECUTE format($sql$
            SELECT 'push ' || p.push || ' is lost'
                FROM push p WHERE p.stream = $1 AND p.dataset = $2 AND p.push NOT IN (%s)
            AND NOT EXISTS (SELECT FROM seen_batch x WHERE x.stream = $1 AND x.dataset = $2 AND x.source = p.push)
            AND NOT EXISTS (SELECT FROM reset r WHERE r.stream = $1 AND r.ended > p.began)
            UNION ALL
            SELECT 'push ' || x.source || ' is published, and still staged' FROM seen_batch x
            WHERE x.stream = $1 AND x.dataset = $2 AND x.source IN (%s) $sql$, waiting, waiting) USING s.stream,
                dataset;
    END IF;
END $$;

CREATE FUNCTION batch_problems(s adversary_stream, dataset text, batch integer, relation text)
    RETURNS TABLE (problem text) LANGUAGE plpgsql AS $$
#variable_conflict use_variable
DECLARE
    source integer := source_of(relation, dataset);
BEGIN
    IF EXISTS (SELECT FROM datasurface.batches b
        WHERE b.stream = s.stream AND b.batch = batch_problems.batch AND b.state = 'discarded') THEN
        PERFORM carry_image(s, dataset, batch);
        RETURN;
    END IF;
    IF s.pushed THEN
        RETURN QUERY SELECT * FROM pushed_problems(s, dataset, batch, source);
    ELSE
        RETURN QUERY SELECT * FROM pulled_problems(s, batch, source);
        RETURN QUERY SELECT format('batch %s has version %s, and an earlier one %s', batch, source, x.source)
            FROM seen_batch x
            WHERE x.stream = s.stream AND x.dataset = batch_problems.dataset AND x.batch < batch AND x.source > source;
    END IF;
    PERFORM take_image(s, dataset, batch, source);
END $$;

-- thorough: every batch there ever was.
CREATE FUNCTION quiet_problems(stream text, thorough boolean) RETURNS TABLE (problem text) LANGUAGE plpgsql AS $$
DECLARE
    s adversary_stream;
    part text;
    seen integer;
    newest integer;
BEGIN
    SELECT * INTO s FROM adversary_stream a WHERE a.stream = quiet_problems.stream;
    RETURN QUERY SELECT * FROM catalog_problems(s);
    SELECT coalesce(max(b.batch), 0) INTO newest FROM datasurface.batches b
        WHERE b.stream = s.stream AND b.state = 'committed';
    FOREACH part IN ARRAY s.datasets LOOP
        SELECT coalesce(max(x.batch), 0) INTO seen FROM seen_batch x WHERE x.stream = s.stream AND x.dataset = part;
        IF part = 'orders' THEN
            RETURN QUERY SELECT p.problem FROM generate_series(seen + 1, newest) b,
                batch_problems(s, part, b, format('%I.orders_as_of(%s)', s.store, b)) p;
        ELSIF newest > seen THEN
            -- of a live dataset the batches between are not seen, so the counts are those of this one
            RETURN QUERY SELECT * FROM batch_problems(s, part, newest, format('%I.%I', s.store, part));
            seen := CASE WHEN newest = seen + 1 THEN seen ELSE newest END;
        END IF;
        RETURN QUERY SELECT * FROM dataset_problems(s.stream, s.store, part, newest, CASE WHEN thorough
            AND part = 'orders' THEN 0 ELSE seen END)
            WHERE newest > 0;
        RETURN QUERY SELECT * FROM staging_problems(s, part);
    END LOOP;
END $$;
