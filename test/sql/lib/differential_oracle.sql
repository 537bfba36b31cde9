-- The naive recomputation. It keeps the whole image of the source for every batch, finds keys row by row by the type's
-- own =, takes values as text under fixed settings, and works out in loops what the tables should hold. It shares no
-- idea with the engine: no join of images, no comparison of rows as stored, no DISTINCT ON.

CREATE SCHEMA oracle;
CREATE SCHEMA source;

-- d: a dataset's number in the round. Names are quoted already, where they are not columns.
CREATE TABLE oracle.dataset (
    d int PRIMARY KEY, stream text, name text, key_columns text[], columns text[], keep_last boolean,
    staging text, merge text, history text, as_of text, view text, full_view text);
-- pos: of the row in the source
CREATE TABLE oracle.image (d int, batch int, key int, image text[], pos bigint, PRIMARY KEY (d, batch, key));
-- A batch that was discarded has the image of the one before it.
CREATE TABLE oracle.counts (
    d int, batch int, staged bigint, inserted bigint, updated bigint, deleted bigint, unchanged bigint, surplus bigint,
    before xid, discarded boolean, PRIMARY KEY (d, batch));

CREATE FUNCTION oracle.noise(seed int, size int) RETURNS text LANGUAGE sql IMMUTABLE AS
$$ SELECT left(string_agg(md5(seed || ' ' || i), '' ORDER BY i), size) FROM generate_series(1, size / 32 + 1) i $$;

-- What is long is told by its digest: differences are printed.
CREATE FUNCTION oracle.spelled(value text) RETURNS text LANGUAGE sql IMMUTABLE AS
$$ SELECT CASE WHEN length(value) <= 100 THEN value
          ELSE left(value, 20) || '... ' || length(value) || ' ' || md5(value) END $$;

-- SQL for a row's payload as texts; text tells apart all that is stored differently, NULL from '' too. A cast would
-- not: it takes the blanks from the end of a bpchar.
CREATE FUNCTION oracle.image_sql(d int, alias text) RETURNS text LANGUAGE sql STABLE AS
$$ SELECT 'ARRAY[' || string_agg(format('oracle.spelled(CASE WHEN num_nulls(%1$s.%2$I) = 0 THEN concat(%1$s.%2$I) END) COLLATE "C"', alias, c), ', ' ORDER BY n) || ']'
   FROM oracle.dataset x, unnest(x.columns) WITH ORDINALITY AS u(c, n) WHERE x.d = image_sql.d $$;

CREATE FUNCTION oracle.keys_sql(d int, alias text) RETURNS text LANGUAGE sql STABLE AS
$$ SELECT string_agg(format('%s.%I', alias, c), ', ' ORDER BY n)
   FROM oracle.dataset x, unnest(x.key_columns) WITH ORDINALITY AS u(c, n) WHERE x.d = keys_sql.d $$;

CREATE FUNCTION oracle.same_key_sql(d int, a text, b text) RETURNS text LANGUAGE sql STABLE AS
$$ SELECT string_agg(format('%s.%I = %s.%I', a, c, b, c), ' AND ')
   FROM oracle.dataset x, unnest(x.key_columns) AS c WHERE x.d = same_key_sql.d $$;

CREATE PROCEDURE oracle.begin_dataset(d int) LANGUAGE plpgsql AS $$
BEGIN
    EXECUTE format('CREATE TABLE oracle.keys_%s AS SELECT %s FROM source.d%s s LIMIT 0', d, oracle.keys_sql(d, 's'), d);
    EXECUTE format('ALTER TABLE oracle.keys_%s ADD "oracle key" int GENERATED ALWAYS AS IDENTITY', d);
END $$;

-- The number of a source row's key: of the first key ever seen that equals it.
CREATE FUNCTION oracle.key_of(d int, pos bigint) RETURNS int LANGUAGE plpgsql
SET search_path = pg_catalog, "ds types" AS $$
DECLARE known int;
BEGIN
    EXECUTE format('SELECT k."oracle key" FROM oracle.keys_%s k, source.d%s s WHERE s."oracle pos" = $1 AND %s', d, d,
        oracle.same_key_sql(d, 's', 'k')) INTO known USING pos;
    IF known IS NULL THEN
        EXECUTE format('INSERT INTO oracle.keys_%s SELECT %s FROM source.d%s s WHERE s."oracle pos" = $1'
            ' RETURNING "oracle key"', d, oracle.keys_sql(d, 's'), d) INTO known USING pos;
    END IF;
    RETURN known;
END $$;

-- The source's rows in the order of their arrival; key is NULL where a column of the key is.
CREATE FUNCTION oracle.rows(d int, OUT pos bigint, OUT key int, OUT image text[]) RETURNS SETOF record LANGUAGE plpgsql
SET TimeZone = 'Asia/Kolkata' SET DateStyle = 'SQL, DMY' SET IntervalStyle = 'postgres_verbose'
SET extra_float_digits = 3 SET bytea_output = 'escape' AS $$
DECLARE incomplete boolean;
BEGIN
    FOR pos, incomplete, image IN EXECUTE format(
        'SELECT "oracle pos", num_nulls(%s) > 0, %s FROM source.d%s s ORDER BY "oracle pos"',
        oracle.keys_sql(d, 's'), oracle.image_sql(d, 's'), d)
    LOOP
        key := CASE WHEN NOT incomplete THEN oracle.key_of(d, pos) END;
        RETURN NEXT;
    END LOOP;
END $$;

-- Leaves in the source one row of each key: the first.
CREATE PROCEDURE oracle.clean(d int) LANGUAGE plpgsql AS $$
DECLARE
    r record;
    seen int[] := '{}';
BEGIN
    FOR r IN SELECT * FROM oracle.rows(d) LOOP
        IF r.key IS NULL OR r.key = ANY (seen) THEN
            EXECUTE format('DELETE FROM source.d%s WHERE "oracle pos" = $1', d) USING r.pos;
        END IF;
        seen := seen || r.key;
    END LOOP;
END $$;

-- What the engine should say of the source as it is: the SQLSTATE, or '' for nothing.
CREATE FUNCTION oracle.verdict(d int) RETURNS text LANGUAGE plpgsql AS $$
DECLARE
    r record;
    seen int[] := '{}';
    answer text := '';
BEGIN
    FOR r IN SELECT * FROM oracle.rows(d) LOOP
        IF r.key IS NULL THEN
            RETURN 'SF021';
        ELSIF r.key = ANY (seen) AND NOT (SELECT keep_last FROM oracle.dataset x WHERE x.d = verdict.d) THEN
            answer := 'SF020';
        END IF;
        seen := seen || r.key;
    END LOOP;
    RETURN answer;
END $$;

-- Takes the source as the image of a batch, and counts what that changes. Nothing of the engine has run yet.
CREATE PROCEDURE oracle.remember(d int, batch int) LANGUAGE plpgsql AS $$
DECLARE
    r record;
    c oracle.counts;
    earlier text[];
BEGIN
    c := (d, batch, 0, 0, 0, 0, 0, 0, pg_current_xact_id()::xid, false);
    FOR r IN SELECT * FROM oracle.rows(d) LOOP
        c.staged := c.staged + 1;
        UPDATE oracle.image i SET image = r.image, pos = r.pos
            WHERE i.d = c.d AND i.batch = c.batch AND i.key = r.key;
        IF FOUND THEN
            c.surplus := c.surplus + 1;
        ELSE
            INSERT INTO oracle.image VALUES (c.d, c.batch, r.key, r.image, r.pos);
        END IF;
    END LOOP;
    FOR r IN SELECT * FROM oracle.image i WHERE i.d = c.d AND i.batch = c.batch LOOP
        SELECT i.image INTO earlier FROM oracle.image i WHERE i.d = c.d AND i.batch = c.batch - 1 AND i.key = r.key;
        IF NOT FOUND THEN
            c.inserted := c.inserted + 1;
        ELSIF earlier = r.image THEN
            c.unchanged := c.unchanged + 1;
        ELSE
            c.updated := c.updated + 1;
        END IF;
    END LOOP;
    FOR r IN SELECT * FROM oracle.image i WHERE i.d = c.d AND i.batch = c.batch - 1 LOOP
        IF NOT EXISTS (SELECT FROM oracle.image i WHERE i.d = c.d AND i.batch = c.batch AND i.key = r.key) THEN
            c.deleted := c.deleted + 1;
        END IF;
    END LOOP;
    INSERT INTO oracle.counts SELECT c.*;
    CALL oracle.remember_rows(d, batch);
END $$;

-- Some of the numbers, always the same.
CREATE FUNCTION oracle.chosen(number int, batch int, one_in int) RETURNS boolean LANGUAGE sql IMMUTABLE AS
$$ SELECT abs(hashint4(number * 1000 + batch)) % one_in = 0 $$;

-- The rows by which a loader of what has changed would tell of a batch that is remembered: all that changed, as upserts and deletes; some
-- that did not, and deletes of keys that are not there. Where the last row of a key counts, others of some keys come before it. Whatever
-- the source held, only these rows are staged, and counted.
CREATE PROCEDURE oracle.make_window(d int, batch int) LANGUAGE plpgsql AS $$
DECLARE
    columns text := (SELECT string_agg('s.' || quote_ident(c), ', ' ORDER BY n)
        FROM oracle.dataset x, unnest(x.columns) WITH ORDINALITY u(c, n) WHERE x.d = make_window.d);
    keys text := oracle.keys_sql(d, 'k');
    key_names text := (SELECT string_agg(quote_ident(c), ', ' ORDER BY n)
        FROM oracle.dataset x, unnest(x.key_columns) WITH ORDINALITY u(c, n) WHERE x.d = make_window.d);
    kept_last boolean := (SELECT keep_last FROM oracle.dataset x WHERE x.d = make_window.d);
BEGIN
    EXECUTE format('DROP TABLE IF EXISTS oracle.window_d%s', d);
    EXECUTE format('CREATE TABLE oracle.window_d%1$s AS SELECT 0 AS "oracle key", false AS "oracle deleted",'
        ' 0::bigint AS "oracle order", %2$s FROM source.d%1$s s LIMIT 0', d, columns);
    EXECUTE format('INSERT INTO oracle.window_d%1$s SELECT n.key, CASE WHEN oracle.chosen(n.key, $2, 2) THEN false END,'
        ' abs(hashint4(n.key + $2)), %2$s FROM oracle.image n JOIN source.d%1$s s ON s."oracle pos" = n.pos'
        ' LEFT JOIN oracle.image o ON (o.d, o.batch, o.key) = (n.d, n.batch - 1, n.key)'
        ' WHERE (n.d, n.batch) = ($1, $2) AND (o.image IS DISTINCT FROM n.image OR oracle.chosen(n.key, $2, 5))',
        d, columns) USING d, batch;
    EXECUTE format('INSERT INTO oracle.window_d%1$s ("oracle key", "oracle deleted", "oracle order", %2$s)'
        ' SELECT k."oracle key", true, abs(hashint4(k."oracle key" + $2)), %3$s FROM oracle.keys_%1$s k'
        ' LEFT JOIN oracle.image o ON (o.d, o.batch, o.key) = ($1, $2 - 1, k."oracle key")'
        ' LEFT JOIN oracle.image n ON (n.d, n.batch, n.key) = ($1, $2, k."oracle key")'
        ' WHERE n.key IS NULL AND (o.key IS NOT NULL OR oracle.chosen(k."oracle key", $2, 5))',
        d, key_names, keys) USING d, batch;
    IF kept_last THEN
        EXECUTE format('INSERT INTO oracle.window_d%1$s ("oracle key", "oracle deleted", "oracle order", %2$s)'
            ' SELECT k."oracle key", oracle.chosen("oracle time", $1, 2), -1, %3$s'
            ' FROM oracle.keys_%1$s k, generate_series(1, 2) "oracle time"'
            ' WHERE oracle.chosen(k."oracle key", "oracle time" * $1, 4) AND k."oracle key" IN (SELECT "oracle key" FROM oracle.window_d%1$s)',
            d, key_names, keys) USING batch;
    END IF;
    EXECUTE format('UPDATE oracle.counts c SET staged = w.n, surplus = w.n - w.keys,'
        ' unchanged = w.keys - inserted - updated - deleted'
        ' FROM (SELECT count(*) AS n, count(DISTINCT "oracle key") AS keys FROM oracle.window_d%s) w'
        ' WHERE (c.d, c.batch) = ($1, $2)', d) USING d, batch;
END $$;

CREATE FUNCTION oracle.newest(d int) RETURNS int LANGUAGE sql STABLE AS
$$ SELECT coalesce(max(batch), 0) FROM oracle.counts c WHERE c.d = newest.d $$;

-- A column that joins is NULL in all that was.
CREATE PROCEDURE oracle.add_column(d int, name text) LANGUAGE plpgsql AS $$
BEGIN
    UPDATE oracle.dataset x SET columns = array_append(x.columns, add_column.name) WHERE x.d = add_column.d;
    UPDATE oracle.image i SET image = array_append(i.image, NULL) WHERE i.d = add_column.d;
END $$;

-- All versions: an image of a key begins one where the batch before had another, or none.
CREATE FUNCTION oracle.versions(d int, OUT batch_in int, OUT batch_out int, OUT key int, OUT image text[])
RETURNS SETOF record LANGUAGE plpgsql AS $$
DECLARE r record;
BEGIN
    FOR r IN SELECT * FROM oracle.image i WHERE i.d = versions.d ORDER BY i.key, i.batch LOOP
        IF key = r.key AND batch_out = r.batch - 1 AND image = r.image THEN
            batch_out := r.batch;
            CONTINUE;
        END IF;
        IF key IS NOT NULL THEN
            RETURN NEXT;
        END IF;
        batch_in := r.batch; batch_out := r.batch; key := r.key; image := r.image;
    END LOOP;
    IF key IS NOT NULL THEN
        RETURN NEXT;
    END IF;
END $$;
CREATE FUNCTION oracle.expected(d int, OUT batch_in int, OUT batch_out int, OUT image text[])
RETURNS SETOF record LANGUAGE sql AS
$$ SELECT v.batch_in, CASE v.batch_out WHEN oracle.newest(d) THEN 2147483647 ELSE v.batch_out END, v.image
   FROM oracle.versions(d) v $$;
