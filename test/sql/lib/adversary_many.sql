-- Many rows: the merge needs temporary files and workers, and its outcome is computed by plain SQL, set by set.

CREATE SCHEMA source;
CREATE TABLE source.many (id bigint, kind text, amount numeric, note text, spot point, PRIMARY KEY (id, kind));
CREATE TABLE source.image (batch integer, LIKE source.many);
CREATE TABLE source.counts (batch integer, inserted bigint, updated bigint, deleted bigint, unchanged bigint);

-- One row in so many is changed, one vanishes, and as many come.
CREATE PROCEDURE source.change(step integer, rows integer, one_in integer) LANGUAGE plpgsql AS $$
BEGIN
    DELETE FROM source.many WHERE abs(hashint8(id + step)) % (3 * one_in) = 0;
    UPDATE source.many SET amount = CASE WHEN id % 3 = 0 THEN amount * 1.0 ELSE amount + 1 END,
        note = CASE WHEN id % 5 = 0 THEN NULL ELSE note || step END
        WHERE abs(hashint8(id * 7 + step)) % one_in = 0;
    INSERT INTO source.many SELECT i, CASE i % 4 WHEN 0 THEN '' ELSE 'k' || i % 3 END,
        CASE i % 11 WHEN 0 THEN numeric 'NaN' ELSE i END, nullif(repeat('n', i % 60), ''), point(i, step)
        FROM generate_series(1, rows) i WHERE step = 1 OR abs(hashint8(i + step * 3)) % one_in = 0 ON CONFLICT
            DO NOTHING;
END $$;

-- By text, and before anything of the batch ran.
CREATE PROCEDURE source.remember(number integer) LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO source.image SELECT number, m.* FROM source.many m;
    ANALYZE source.image;
    INSERT INTO source.counts
        SELECT number, count(*) FILTER (WHERE o.id IS NULL),
            count(*) FILTER (WHERE (n.amount::text, n.note, n.spot::text) IS DISTINCT FROM (o.amount::text, o.note,
            o.spot::text) AND o.id = n.id),
               count(*) FILTER (WHERE n.id IS NULL),
                   count(*) FILTER (WHERE (n.amount::text, n.note, n.spot::text) IS NOT DISTINCT FROM (o.amount::text,
                   o.note, o.spot::text) AND o.id = n.id)
        FROM (SELECT * FROM source.image WHERE batch = number) n
            FULL JOIN (SELECT * FROM source.image WHERE batch = number - 1) o USING (id, kind);
END $$;

CREATE FUNCTION source.differences(actual text, wanted text) RETURNS bigint LANGUAGE plpgsql AS $$
DECLARE
    result bigint;
    columns constant text := 'SELECT id, kind, amount::text, note, spot::text FROM ';
BEGIN
    EXECUTE format('SELECT count(*) FROM ((%1$s EXCEPT ALL %2$s) UNION ALL (%2$s EXCEPT ALL %1$s)) x',
        columns || actual, columns || wanted) INTO result;
    RETURN result;
END $$;

-- The newest batch, or all of them.
CREATE FUNCTION source.problems(newest integer, thorough boolean) RETURNS TABLE (problem text) LANGUAGE plpgsql AS $$
BEGIN
    RETURN QUERY SELECT 'the merge table is not the source'
        WHERE source.differences('big.many', 'source.image WHERE batch = ' || newest) > 0;
    RETURN QUERY SELECT format('counted %s, true are %s', d, c)
        FROM datasurface.batch_datasets d JOIN source.counts c USING (batch)
        WHERE (d.inserted, d.updated, d.deleted, d.unchanged) IS DISTINCT FROM (c.inserted, c.updated, c.deleted,
            c.unchanged) AND d.state = 'committed';
    RETURN QUERY SELECT 'as of batch ' || b || ' is not what the source was'
        FROM generate_series(CASE WHEN thorough THEN 1 ELSE newest - 1 END, newest) b
        WHERE b > 0 AND source.differences(format('big.many_as_of(%s)', b), 'source.image WHERE batch = ' || b) > 0;
END $$;
