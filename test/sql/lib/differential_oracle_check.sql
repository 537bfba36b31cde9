-- What the tables hold against what they should; each function returns the differences as lines of text.

CREATE FUNCTION oracle.differences(what text, actual text, expected text) RETURNS SETOF text LANGUAGE plpgsql AS $$
BEGIN
    RETURN QUERY EXECUTE format(
        '(SELECT %1$L || '' has, and should not: '' || x::text FROM (%2$s EXCEPT ALL %3$s) x LIMIT 5)'
        ' UNION ALL (SELECT %1$L || '' lacks: '' || x::text FROM (%3$s EXCEPT ALL %2$s) x LIMIT 5)',
        what, '(' || actual || ')', '(' || expected || ')');
END $$;

-- The rows of a table or view with their milestones.
CREATE FUNCTION oracle.actual_sql(d int, relation text) RETURNS text LANGUAGE sql STABLE AS
$$ SELECT format('SELECT r.ds_surf_batch_in, r.ds_surf_batch_out, %s AS image FROM %s r',
       oracle.image_sql(d, 'r'), relation) $$;

CREATE FUNCTION oracle.check_counts(d int) RETURNS SETOF text LANGUAGE plpgsql AS $$
DECLARE x oracle.dataset;
BEGIN
    SELECT * INTO x FROM oracle.dataset y WHERE y.d = check_counts.d;
    RETURN QUERY SELECT * FROM oracle.differences('datasurface.batch_datasets', format(
        'SELECT batch, staged, inserted, updated, deleted, unchanged, surplus FROM datasurface.batch_datasets'
        ' WHERE stream = %L AND dataset = %L AND state = ''committed''', x.stream, x.name), format(
        'SELECT batch, staged, inserted, updated, deleted, unchanged, surplus FROM oracle.counts'
        ' WHERE d = %s AND NOT discarded', d));
END $$;

-- The whole history of batches, one by one.
CREATE FUNCTION oracle.check_as_of(d int, first int) RETURNS SETOF text LANGUAGE plpgsql AS $$
DECLARE function text;
BEGIN
    SELECT as_of INTO function FROM oracle.dataset y WHERE y.d = check_as_of.d;
    FOR b IN first .. oracle.newest(d) + 1 LOOP
        RETURN QUERY SELECT * FROM oracle.differences('as of batch ' || b,
            format('SELECT %s FROM %s(%s) r', oracle.image_sql(d, 'r'), function, b),
            format('SELECT i.image FROM oracle.image i WHERE i.d = %s AND i.batch = %s', d,
                least(b, oracle.newest(d))));
    END LOOP;
END $$;

CREATE FUNCTION oracle.check_views(d int) RETURNS SETOF text LANGUAGE plpgsql AS $$
DECLARE x oracle.dataset;
BEGIN
    SELECT * INTO x FROM oracle.dataset y WHERE y.d = check_views.d;
    RETURN QUERY SELECT * FROM oracle.differences('view',
        format('SELECT %s FROM %s r', oracle.image_sql(d, 'r'), x.view),
        format('SELECT i.image FROM oracle.image i WHERE i.d = %s AND i.batch = oracle.newest(%1$s)', d));
    RETURN QUERY SELECT * FROM oracle.differences('columns of the view',
        format('SELECT attname::text FROM pg_attribute WHERE attrelid = %L::regclass AND attnum > 0', x.view),
        format('SELECT unnest(columns) FROM oracle.dataset WHERE d = %s', d));
    IF x.full_view IS NOT NULL THEN
        RETURN QUERY SELECT * FROM oracle.differences('full view', oracle.actual_sql(d, x.full_view),
            format('SELECT * FROM oracle.expected(%s)', d));
    END IF;
END $$;

CREATE FUNCTION oracle.placed_sql(d int, relation text) RETURNS text LANGUAGE sql STABLE AS
$$ SELECT 'SELECT tableoid::text || ctid AS "oracle place", ds_surf_batch_in AS "in 1", ds_surf_batch_out AS "out 1", '
       || oracle.keys_sql(d, 'r') || ' FROM ' || relation || ' r' $$;

-- At most one current row per key, and no two versions of a key at one time: by the tables alone.
CREATE FUNCTION oracle.check_overlaps(d int) RETURNS SETOF text LANGUAGE plpgsql
SET search_path = pg_catalog, "ds types" AS $$
DECLARE
    x oracle.dataset;
    versions text;
BEGIN
    SELECT * INTO x FROM oracle.dataset y WHERE y.d = check_overlaps.d;
    versions := oracle.placed_sql(d, x.merge) || coalesce(' UNION ALL ' || oracle.placed_sql(d, x.history), '');
    RETURN QUERY EXECUTE format('SELECT ''versions overlap: '' || a::text || b::text FROM (%1$s) a, (%1$s) b'
        ' WHERE a."oracle place" < b."oracle place" AND a."in 1" <= b."out 1" AND b."in 1" <= a."out 1" AND %2$s',
        versions, oracle.same_key_sql(d, 'a', 'b'));
END $$;

-- Rows that a batch did not change were not written by it.
CREATE FUNCTION oracle.check_writes(d int) RETURNS SETOF text LANGUAGE plpgsql AS $$
DECLARE
    x oracle.dataset;
    c oracle.counts;
BEGIN
    SELECT * INTO x FROM oracle.dataset y WHERE y.d = check_writes.d;
    SELECT * INTO c FROM oracle.counts y WHERE y.d = check_writes.d AND y.batch = oracle.newest(check_writes.d);
    RETURN QUERY EXECUTE format('SELECT ''written without need: '' || (%s)::text FROM %s r'
        ' WHERE ds_surf_batch_in < $1 AND age(xmin) < age($2)', oracle.image_sql(d, 'r'), x.merge)
        USING c.batch, c.before;
END $$;

-- What amcheck has to say of the tables and of their btrees, with every row looked for in each.
CREATE FUNCTION oracle.check_pages(d int) RETURNS SETOF text LANGUAGE plpgsql AS $$
DECLARE
    relation regclass;
    r record;
BEGIN
    FOR relation IN SELECT unnest(ARRAY[merge, history, staging])::regclass
        FROM oracle.dataset x WHERE x.d = check_pages.d LOOP
        CONTINUE WHEN relation IS NULL;
        RETURN QUERY SELECT relation || ': ' || h::text FROM public.verify_heapam(relation) h;
        FOR r IN SELECT c.oid, c.relname FROM pg_index i JOIN pg_class c ON c.oid = i.indexrelid
            JOIN pg_am a ON a.oid = c.relam
            WHERE i.indrelid = relation AND a.amname = 'btree'
        LOOP
            BEGIN
                PERFORM public.bt_index_check(r.oid, true);
            EXCEPTION WHEN OTHERS THEN
                RETURN NEXT r.relname || ': ' || SQLERRM;
            END;
        END LOOP;
    END LOOP;
END $$;

CREATE FUNCTION oracle.check_tables(d int) RETURNS SETOF text LANGUAGE plpgsql
SET TimeZone = 'Asia/Kolkata' SET DateStyle = 'SQL, DMY' SET IntervalStyle = 'postgres_verbose'
SET extra_float_digits = 3 SET bytea_output = 'escape' AS $$
DECLARE x oracle.dataset;
BEGIN
    SELECT * INTO x FROM oracle.dataset y WHERE y.d = check_tables.d;
    RETURN QUERY SELECT * FROM oracle.check_counts(d);
    RETURN QUERY SELECT * FROM oracle.differences('merge table', oracle.actual_sql(d, x.merge),
        format('SELECT * FROM oracle.expected(%s) WHERE batch_out = 2147483647', d));
    RETURN QUERY SELECT * FROM oracle.check_writes(d);
    IF x.history IS NOT NULL THEN
        RETURN QUERY SELECT * FROM oracle.differences('history table', oracle.actual_sql(d, x.history),
            format('SELECT * FROM oracle.expected(%s) WHERE batch_out < 2147483647', d));
    END IF;
END $$;

-- thorough: every batch from the first, not the newest only.
CREATE FUNCTION oracle.check(d int, thorough boolean) RETURNS SETOF text LANGUAGE plpgsql
SET TimeZone = 'Asia/Kolkata' SET DateStyle = 'SQL, DMY' SET IntervalStyle = 'postgres_verbose'
SET extra_float_digits = 3 SET bytea_output = 'escape' AS $$
DECLARE x oracle.dataset;
BEGIN
    SELECT * INTO x FROM oracle.dataset y WHERE y.d = "check".d;
    RETURN QUERY SELECT * FROM oracle.check_tables(d);
    RETURN QUERY SELECT * FROM oracle.check_views(d);
    IF thorough THEN
        RETURN QUERY SELECT * FROM oracle.check_overlaps(d);
    END IF;
    IF x.history IS NOT NULL THEN
        RETURN QUERY SELECT * FROM oracle.check_as_of(d, CASE WHEN thorough THEN 0 ELSE oracle.newest(d) - 1 END);
    END IF;
END $$;
