-- Who is there: the owner of the store, a third role, and the callers. What the owner or the third role hides is a
-- witness: it leaves a trace that no rollback takes back, and then does what it likes with the session.
CREATE EXTENSION datasurface;
CREATE ROLE hostile_owner LOGIN;
CREATE ROLE hostile_third LOGIN;
CREATE ROLE hostile_less LOGIN;              -- the owner can become it, so it has no right that the owner lacks
CREATE ROLE hostile_createdb LOGIN CREATEDB; -- the owner can become it too, but then CREATEDB is not the owner's
CREATE ROLE hostile_more LOGIN;
CREATE ROLE hostile_member LOGIN IN ROLE hostile_owner;
GRANT hostile_less, hostile_createdb TO hostile_owner;
CREATE ROLE hostile_truster LOGIN SUPERUSER;
ALTER ROLE hostile_truster SET datasurface.trusted_owners = 'hostile_owner';
CREATE ROLE hostile_truster_of_both LOGIN SUPERUSER;
ALTER ROLE hostile_truster_of_both SET datasurface.trusted_owners = 'hostile_third, hostile_owner';

DO $$ BEGIN EXECUTE format('GRANT CREATE ON DATABASE %I TO hostile_owner', current_database()); END $$;
GRANT USAGE ON SCHEMA datasurface TO PUBLIC;
GRANT EXECUTE ON ALL ROUTINES IN SCHEMA datasurface TO PUBLIC;

CREATE SCHEMA safe;
CREATE SCHEMA hidden_owner AUTHORIZATION hostile_owner;
CREATE SCHEMA hidden_third AUTHORIZATION hostile_third;
CREATE SCHEMA look;
GRANT USAGE ON SCHEMA safe, hidden_owner, hidden_third, look TO PUBLIC;

-- A superuser's function that runs what it is told.
CREATE FUNCTION look.wrapper(call text) RETURNS text LANGUAGE plpgsql SECURITY DEFINER AS $$
DECLARE
    answer text;
BEGIN
    EXECUTE call INTO answer;
    RETURN answer;
END $$;

-- A loop as operators write it: a cursor of its own is open while it calls.
CREATE FUNCTION look.loop(call text, OUT answer text, OUT state text, OUT message text, OUT rows text)
LANGUAGE plpgsql AS $$
DECLARE
    mine CURSOR FOR SELECT 'mine ' || i FROM generate_series(1, 3) i;
    one text;
BEGIN
    state := '00000';
    OPEN mine;
    LOOP
        FETCH mine INTO one;
        EXIT WHEN NOT FOUND;
        rows := concat_ws(',', rows, one);
        CONTINUE WHEN one <> 'mine 1';
        BEGIN
            EXECUTE call INTO answer;
        EXCEPTION WHEN OTHERS THEN
            GET STACKED DIAGNOSTICS state = RETURNED_SQLSTATE, message = MESSAGE_TEXT;
        END;
    END LOOP;
END $$;

CREATE FUNCTION look.catalog(store text) RETURNS text LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog,
    pg_temp AS $$
    SELECT concat_ws('|',
        (SELECT string_agg(s::text, ',' ORDER BY s::text) FROM datasurface.streams s WHERE s.stream = $1),
        (SELECT string_agg(b::text, ',' ORDER BY b.batch) FROM datasurface.batches b WHERE b.stream = $1),
        (SELECT string_agg(d::text, ',' ORDER BY d::text) FROM datasurface.batch_datasets d WHERE d.stream = $1),
        (SELECT string_agg(a.attrelid::regclass || '.' || a.attname, ',' ORDER BY a.attrelid, a.attnum)
         FROM pg_attribute a JOIN pg_class c ON c.oid = a.attrelid WHERE c.relnamespace = to_regnamespace($1)),
        (SELECT max(version) FROM datasurface.model_version))
$$;

CREATE FUNCTION look.at(store text, OUT open integer, OUT state text)
    LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
    SELECT coalesce(max(open_batch), 0), coalesce(max(open_state), '') FROM datasurface.streams WHERE stream = $1
$$;

CREATE FUNCTION look.rows(relation regclass) RETURNS text LANGUAGE plpgsql AS $$
DECLARE
    found text;
BEGIN
    IF relation IS NOT NULL THEN
        EXECUTE format('SELECT count(*) || '' '' || coalesce(md5(string_agg(t::text, '','' ORDER BY t::text)), '''') FROM %s t', relation) INTO found;
    END IF;
    RETURN found;
END $$;

-- The session, as what runs in it can change it.
CREATE FUNCTION look.session() RETURNS text LANGUAGE sql AS $$
    SELECT pg_catalog.concat_ws(' ', session_user, current_user, pg_catalog.current_setting('work_mem'),
        pg_catalog.current_setting('search_path'),
        (SELECT pg_catalog.count(*) FROM pg_catalog.pg_class WHERE relnamespace = pg_catalog.pg_my_temp_schema()),
        (SELECT pg_catalog.count(*) FROM pg_catalog.pg_type WHERE typnamespace = pg_catalog.pg_my_temp_schema()),
        (SELECT pg_catalog.count(*) FROM pg_catalog.pg_prepared_statements),
        (SELECT pg_catalog.count(*) FROM pg_catalog.pg_largeobject_metadata),
        (SELECT pg_catalog.string_agg(objid::text, ',' ORDER BY objid) FROM pg_catalog.pg_locks
         WHERE locktype = 'advisory' AND pid = pg_catalog.pg_backend_pid()))
$$;
