-- What checks and references should find: by the rows themselves, as the source had them, and by nothing of the engine.

-- From now on the rows of each batch are kept, with their types; those of the newest three.
CREATE PROCEDURE oracle.keep_rows(d int) LANGUAGE plpgsql AS $$
BEGIN
    EXECUTE format('CREATE TABLE oracle.rows_d%1$s AS SELECT 0 AS "oracle batch", s.* FROM source.d%1$s s LIMIT 0', d);
END $$;

CREATE FUNCTION oracle.keeps_rows(d int) RETURNS boolean LANGUAGE sql STABLE AS
$$ SELECT to_regclass('oracle.rows_d' || d) IS NOT NULL $$;

CREATE FUNCTION oracle.columns_sql(d int) RETURNS text LANGUAGE sql STABLE AS
$$ SELECT string_agg(quote_ident(c), ', ') FROM oracle.dataset x, unnest(x.columns) c WHERE x.d = columns_sql.d $$;

CREATE PROCEDURE oracle.remember_rows(d int, batch int) LANGUAGE plpgsql AS $$
BEGIN
    IF NOT oracle.keeps_rows(d) THEN
        RETURN;
    END IF;
    EXECUTE format('DELETE FROM oracle.rows_d%s WHERE "oracle batch" < $1 - 2', d) USING batch;
    EXECUTE format('INSERT INTO oracle.rows_d%1$s ("oracle batch", "oracle pos", %2$s) SELECT $2, "oracle pos", %2$s'
        ' FROM source.d%1$s WHERE "oracle pos" IN (SELECT pos FROM oracle.image i WHERE i.d = $1 AND i.batch = $2)',
        d, oracle.columns_sql(d)) USING d, batch;
END $$;

-- Rows that a batch inserts or updates and that break a condition; NULL breaks none.
CREATE FUNCTION oracle.broken(d int, batch int, condition text) RETURNS bigint LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    changed bigint[];
    answer bigint;
BEGIN
    SELECT array_agg(n.pos) INTO changed FROM oracle.image n WHERE n.d = broken.d AND n.batch = broken.batch
        AND NOT EXISTS (SELECT FROM oracle.image o WHERE o.d = n.d AND o.batch = n.batch - 1 AND o.key = n.key
            AND o.image = n.image);
    EXECUTE format('SELECT count(*) FROM oracle.rows_d%s WHERE "oracle batch" = $1 AND "oracle pos" = ANY ($2) AND NOT'
        ' (%s' || chr(10) || ')', d, condition) INTO answer USING batch, changed;
    RETURN answer;
END $$;

-- Rows of one dataset in a batch that have no row in the other. The other is in the same batch, or has its own.
CREATE FUNCTION oracle.dangling(d int, batch int, columns text[], other int, other_batch int, other_columns text[])
RETURNS bigint LANGUAGE plpgsql SET search_path = pg_catalog, "ds types" AS $$
DECLARE
    given text;
    same text;
    answer bigint;
BEGIN
    SELECT string_agg(format('num_nulls(a.%I) = 0', c), ' AND '), string_agg(format('a.%I = b.%I', c, o), ' AND ')
        INTO given, same FROM unnest(columns, other_columns) AS x(c, o);
    EXECUTE format('SELECT count(*) FROM oracle.rows_d%s a WHERE a."oracle batch" = $1 AND %s AND NOT EXISTS'
        ' (SELECT FROM oracle.rows_d%s b WHERE b."oracle batch" = $2 AND %s)', d, given, other, same)
        INTO answer USING batch, other_batch;
    RETURN answer;
END $$;

CREATE FUNCTION oracle.changes(d int, batch int) RETURNS bigint LANGUAGE sql STABLE AS
$$ SELECT inserted + updated + deleted FROM oracle.counts c WHERE c.d = changes.d AND c.batch = changes.batch $$;

-- What was held last.
CREATE TABLE oracle.held_image (d int, key int, image text[]);

-- The batch is never published: from it to the next nothing changes.
CREATE PROCEDURE oracle.discard(d int, batch int) LANGUAGE plpgsql AS $$
BEGIN
    DELETE FROM oracle.held_image h WHERE h.d = discard.d;
    WITH held AS (DELETE FROM oracle.image i WHERE i.d = discard.d AND i.batch = discard.batch RETURNING i.*)
        INSERT INTO oracle.held_image SELECT h.d, h.key, h.image FROM held h;
    INSERT INTO oracle.image SELECT i.d, i.batch + 1, i.key, i.image, i.pos FROM oracle.image i
        WHERE i.d = discard.d AND i.batch = discard.batch - 1;
    UPDATE oracle.counts c SET discarded = true WHERE c.d = discard.d AND c.batch = discard.batch;
    IF oracle.keeps_rows(d) THEN
        EXECUTE format('DELETE FROM oracle.rows_d%s WHERE "oracle batch" = $1', d) USING batch;
        EXECUTE format('INSERT INTO oracle.rows_d%1$s ("oracle batch", "oracle pos", %2$s) SELECT $1, "oracle pos", %2$s'
            ' FROM oracle.rows_d%1$s WHERE "oracle batch" = $1 - 1', d, oracle.columns_sql(d)) USING batch;
    END IF;
END $$;

-- Whether the batch makes the changes that the one before it, which is discarded, would have made.
CREATE FUNCTION oracle.makes_the_same(d int, batch int) RETURNS boolean LANGUAGE sql STABLE AS $$
    SELECT NOT EXISTS (SELECT FROM (SELECT key, image FROM oracle.image i WHERE i.d = makes_the_same.d
            AND i.batch = makes_the_same.batch) n
        FULL JOIN (SELECT key, image FROM oracle.held_image h WHERE h.d = makes_the_same.d) h USING (key)
        WHERE n.image IS DISTINCT FROM h.image)
$$;

-- Then it has the number of that one.
CREATE PROCEDURE oracle.step_back(d int, batch int) LANGUAGE plpgsql AS $$
BEGIN
    DELETE FROM oracle.image i WHERE i.d = step_back.d AND i.batch = step_back.batch - 1;
    UPDATE oracle.image i SET batch = i.batch - 1 WHERE i.d = step_back.d AND i.batch = step_back.batch;
    DELETE FROM oracle.counts c WHERE c.d = step_back.d AND c.batch = step_back.batch - 1;
    UPDATE oracle.counts c SET batch = c.batch - 1 WHERE c.d = step_back.d AND c.batch = step_back.batch;
    IF oracle.keeps_rows(d) THEN
        EXECUTE format('DELETE FROM oracle.rows_d%s WHERE "oracle batch" = $1 - 1', d) USING batch;
        EXECUTE format('UPDATE oracle.rows_d%s SET "oracle batch" = $1 - 1 WHERE "oracle batch" = $1', d) USING batch;
    END IF;
END $$;
