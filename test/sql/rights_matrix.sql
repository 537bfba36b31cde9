-- Who may do what on which object: every routine of the extension, as every kind of role, on stores of every kind of
-- owner; with EXECUTE on all of them and without. The table at the end is the one of docs/operations.md, and a lint
-- compares the two. In a database of its own, for a document is the whole model.
\set SHOW_CONTEXT never
SELECT current_database() AS regress_database, :'HOST' AS host, :'PORT' AS port \gset
CREATE DATABASE rights_matrix;
\c rights_matrix
-- the owner of the extension is a superuser, but who can become that role is none
CREATE ROLE regress_extension_owner SUPERUSER;
CREATE ROLE regress_extension_member LOGIN IN ROLE regress_extension_owner;
CREATE ROLE regress_superuser SUPERUSER LOGIN;
SET ROLE regress_extension_owner;
CREATE EXTENSION datasurface;
RESET ROLE;
CREATE ROLE regress_database_owner LOGIN;
CREATE ROLE regress_super_owner SUPERUSER;
CREATE ROLE regress_plain_owner LOGIN;
CREATE ROLE regress_other_owner LOGIN;
CREATE ROLE regress_workspace_owner LOGIN;
CREATE ROLE regress_operator LOGIN;
CREATE ROLE regress_reader LOGIN;
CREATE ROLE regress_stranger LOGIN;
ALTER DATABASE rights_matrix OWNER TO regress_database_owner;
GRANT CREATE ON DATABASE rights_matrix TO regress_plain_owner, regress_other_owner, regress_workspace_owner;

-- The objects: the store of a superuser, of a plain owner, and of another owner; the same operator and workspace serve
-- the first two.
SET client_min_messages = error;
CREATE FUNCTION store(name text, description text DEFAULT 'd') RETURNS jsonb LANGUAGE sql AS $$
    SELECT scene.store(name, scene.dataset('t', query => 'SELECT 1 AS id'), CASE name WHEN 'other'
            THEN '{"operators": [], "consumers": []}'
            ELSE '{"operators": ["regress_operator"],
                "consumers": [{"workspace": "desk", "readers": ["regress_reader"]}]}' END::jsonb
        || jsonb_build_object('description', description, 'owner', 'regress_' || name || '_owner')) $$;
CREATE FUNCTION desk(description text DEFAULT 'd') RETURNS jsonb LANGUAGE sql AS $$
    SELECT scene.workspace('desk', '{super.t as super,plain.t as plain}',
        jsonb_build_object('description', description, 'owner', 'regress_workspace_owner')) $$;
-- each has a source, with a credential in a user mapping; one in files belongs to the owner of the extension
CREATE FOREIGN DATA WRAPPER wrapper;
CREATE SERVER server FOREIGN DATA WRAPPER wrapper OPTIONS (host 'h', dbname 'd');
CREATE FUNCTION source(name text, description text DEFAULT 'd') RETURNS jsonb LANGUAGE sql AS $$
    SELECT jsonb_build_object('stores', '[]'::jsonb, 'sources', jsonb_build_array(jsonb_build_object('name', name,
        'description', description, 'kind', 'postgresql', 'host', 'h', 'database', 'd', 'credential', name,
        'owner', 'regress_' || name || '_owner'))) $$;
CREATE FUNCTION mapping(name text, description text DEFAULT 'd') RETURNS jsonb LANGUAGE sql AS $$
    SELECT jsonb_build_object('stores', '[]'::jsonb, 'credentials', jsonb_build_array(jsonb_build_object('name', name,
        'description', description, 'kind', 'user_mapping', 'server', 'server',
        'owner', 'regress_' || name || '_owner'))) $$;
CREATE FUNCTION vault(description text DEFAULT 'd') RETURNS jsonb LANGUAGE sql AS $$
    SELECT '{"stores": []}'::jsonb || jsonb_build_object('credentials', jsonb_build_array('{"name": "vault",
        "kind": "files", "directory": "v", "roles": ["regress_plain_owner"],
        "sources": [{"host": "h", "database": "d"}]}'::jsonb
        || jsonb_build_object('description', description))) $$;
SELECT version FROM datasurface.ds_load_model(scene.model(store('super') || store('plain') || store('other'), desk()));
SELECT count(datasurface.ds_load_model((source(name) || mapping(name))::text, false)) AS sources
FROM unnest('{super,plain,other}'::text[]) name;
SELECT count(*) AS vault FROM datasurface.ds_load_model(vault()::text, false);
SELECT count(*) FILTER (WHERE action = 'failed') AS failed FROM datasurface.ds_reconcile_schema();
SELECT datasurface.ds_run('super'), datasurface.ds_run('plain'), datasurface.ds_run('other');
GRANT USAGE ON SCHEMA desk TO regress_reader, regress_plain_owner;
GRANT SELECT ON desk.super, desk.plain TO regress_reader;

CREATE FUNCTION open_batch(name text) RETURNS integer LANGUAGE sql SECURITY DEFINER AS $$
    SELECT open_batch FROM datasurface.streams WHERE stream = name $$;

CREATE FUNCTION held(name text) RETURNS void LANGUAGE sql AS $$
    SELECT datasurface.ds_ingest(name, datasurface.ds_start_batch(name));
    UPDATE datasurface.batch SET state = 'held', held_at = now() WHERE state = 'ingested' $$;

-- What is tried: a statement on an object, behind what a superuser prepares. It is all undone.
CREATE TABLE call (place integer GENERATED ALWAYS AS IDENTITY, what text, routine text, on_store boolean, prepare text,
    statement text);
INSERT INTO call (what, routine, on_store, prepare, statement) VALUES
    ('`ds_validate_model` of a changed document', 'ds_validate_model', true, '',
        $$SELECT * FROM datasurface.ds_validate_model(%2$L)$$),
    ('`ds_load_model` that changes the store', 'ds_load_model', true, '',
        $$SELECT * FROM datasurface.ds_load_model(%2$L, false)$$),
    ('`ds_load_model` that removes the store', 'ds_load_model', true, 'SELECT * FROM datasurface.ds_load_model(%3$L)',
        $$SELECT * FROM datasurface.ds_load_model('{"stores": []}')$$),
    ('`ds_load_model` that changes the workspace', 'ds_load_model', false, '',
        $$SELECT * FROM datasurface.ds_load_model(%4$L, false)$$),
    ('`ds_load_model` that changes the source', 'ds_load_model', true, '',
        $$SELECT * FROM datasurface.ds_load_model(%5$L, false)$$),
    ('`ds_load_model` that changes the credential, a user mapping', 'ds_load_model', true, '',
        $$SELECT * FROM datasurface.ds_load_model(%6$L, false)$$),
    ('`ds_load_model` that removes source and credential', 'ds_load_model', true,
        'SELECT * FROM datasurface.ds_load_model(%7$L)', $$SELECT * FROM datasurface.ds_load_model('{"stores": []}')$$),
    ('`ds_load_model` that changes a credential in files', 'ds_load_model', true, '',
        $$SELECT * FROM datasurface.ds_load_model(%8$L, false)$$),
    ('`ds_plan_schema` of the store, its tables', 'ds_plan_schema', true, 'DROP TABLE %1$I.t CASCADE',
        $$SELECT planned(%1$L || '.t', %1$L)$$),
    ('`ds_plan_schema` of all, the workspace''s views', 'ds_plan_schema', false, 'DROP VIEW desk.%1$I',
        $$SELECT planned('desk.%1$s', NULL)$$),
    ('`ds_reconcile_schema` of the store, its tables', 'ds_reconcile_schema', true, 'DROP TABLE %1$I.t CASCADE',
        $$SELECT made(%1$L || '.t', %1$L)$$),
    ('`ds_reconcile_schema` of all, the workspace''s views', 'ds_reconcile_schema', false, 'DROP VIEW desk.%1$I',
        $$SELECT made('desk.%1$s', NULL)$$),
    ('`ds_plan_schema` of a dataset that left the model', 'ds_plan_schema', true,
        $$SELECT * FROM datasurface.ds_load_model('{"stores": []}')$$, $$SELECT planned(%1$L || '.t', NULL)$$),
    ('`ds_drop_dataset` of the store', 'ds_drop_dataset', true,
        $$SELECT * FROM datasurface.ds_load_model('{"stores": []}')$$,
            $$SELECT * FROM datasurface.ds_drop_dataset(%1$L, 't', %1$L || '.t')$$),
    ('`ds_reconcile`', 'ds_reconcile', true, NULL, $$CALL datasurface.ds_reconcile(%1$L)$$),
    ('`ds_preflight`', 'ds_preflight', true, '', $$SELECT * FROM datasurface.ds_preflight()$$),
    ('`ds_test_source`', 'ds_test_source', true, '', $$SELECT * FROM datasurface.ds_test_source(%1$L)$$),
    ('`ds_start_batch`', 'ds_start_batch', true, '', $$SELECT datasurface.ds_start_batch(%1$L)$$),
    ('`ds_ingest`', 'ds_ingest', true, 'SELECT datasurface.ds_start_batch(%1$L)',
        $$SELECT datasurface.ds_ingest(%1$L, open_batch(%1$L))$$),
    ('`ds_merge_staging`', 'ds_merge_staging', true, 'SELECT datasurface.ds_ingest(%1$L, datasurface.ds_start_batch(%1$L))',
        $$SELECT datasurface.ds_merge_staging(%1$L, open_batch(%1$L))$$),
    ('`ds_run`', 'ds_run', true, '', $$SELECT 1 / (datasurface.ds_run(%1$L) = 'DONE')::integer$$),
    ('`ds_run_to_end`', 'ds_run_to_end', true, NULL, $$CALL datasurface.ds_run_to_end(%1$L)$$),
    ('`ds_reset_batch`', 'ds_reset_batch', true, 'SELECT datasurface.ds_start_batch(%1$L)',
        $$SELECT datasurface.ds_reset_batch(%1$L, open_batch(%1$L))$$),
    ('`ds_fail_batch`', 'ds_fail_batch', true, 'SELECT datasurface.ds_start_batch(%1$L)',
        $$SELECT datasurface.ds_fail_batch(%1$L, open_batch(%1$L), 'by hand')$$),
    ('`ds_preview_batch`', 'ds_preview_batch', true, $$SELECT held(%1$L)$$,
        $$SELECT * FROM datasurface.ds_preview_batch(%1$L, open_batch(%1$L))$$),
    ('`ds_release_batch`', 'ds_release_batch', true, $$SELECT held(%1$L)$$,
        $$SELECT datasurface.ds_release_batch(%1$L, open_batch(%1$L), 'by hand')$$),
    ('`ds_discard_batch`', 'ds_discard_batch', true, $$SELECT held(%1$L)$$,
        $$SELECT datasurface.ds_discard_batch(%1$L, open_batch(%1$L), 'by hand')$$),
    ('`ds_force_snapshot`', 'ds_force_snapshot', true, '', $$SELECT datasurface.ds_force_snapshot(%1$L, 't')$$),
    ('`ds_reset_load`', 'ds_reset_load', true, $$UPDATE datasurface.dataset SET unpublished = true
        WHERE store_id = (SELECT store_id FROM datasurface.store WHERE name = %1$L)$$, $$SELECT datasurface.ds_reset_load(%1$L, 't')$$),
    ('`ds_require` of a committed batch', 'ds_require', true, '', $$SELECT datasurface.ds_require(%1$L)$$),
    ('`ds_require` of a failed batch', 'ds_require', true,
        $$SELECT datasurface.ds_fail_batch(%1$L, datasurface.ds_start_batch(%1$L), 'by hand')$$,
            $$SELECT datasurface.ds_require(%1$L)$$),
    ('`ds_batch_at`', 'ds_batch_at', true, 'UPDATE datasurface.stream SET checked_at = now() WHERE name = %1$L',
        $$SELECT datasurface.ds_batch_at(%1$L, '2000-01-01')$$),
    ('`ds_row_digest`', 'ds_row_digest', true, '', $$SELECT datasurface.ds_row_digest(ROW(1), 1, false, false)$$),
    ('`ds_merge_progress`', 'ds_merge_progress', true, '', $$SELECT * FROM datasurface.ds_merge_progress()$$),
    ('`ds_received`', 'ds_received', true, '', $$SELECT * FROM datasurface.ds_received()$$);
-- a routine that is not tried, and one that is gone
SELECT coalesce(proname, routine) AS not_tried_or_gone
FROM (SELECT DISTINCT proname FROM pg_proc WHERE pronamespace = 'datasurface'::regnamespace) p
    FULL JOIN (SELECT DISTINCT routine FROM call) c ON routine = proname
WHERE proname IS NULL OR routine IS NULL;

-- reconcile says nothing of what is not the caller's business: was it made?
CREATE FUNCTION made(relation text, store text) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
    PERFORM * FROM datasurface.ds_reconcile_schema(store);
    IF NOT EXISTS (SELECT FROM pg_class WHERE relnamespace::regnamespace || '.' || relname = relation) THEN
        RAISE 'it was not made' USING ERRCODE = 'NONE0';
    END IF;
END $$;
CREATE FUNCTION planned(relation text, store text) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
    IF NOT EXISTS (SELECT FROM datasurface.ds_plan_schema(store => planned.store)
            WHERE object = (SELECT string_agg('"' || part || '"', '.') FROM regexp_split_to_table(planned.relation, '\.') part)) THEN
        RAISE 'it was not planned' USING ERRCODE = 'NONE0';
    END IF;
END $$;
-- what comes of a statement; done, and undone by the same error
CREATE FUNCTION outcome(role text, prepare text, statement text) RETURNS text LANGUAGE plpgsql AS $$
BEGIN
    IF prepare <> '' THEN
        EXECUTE prepare;
    END IF;
    EXECUTE format('SET LOCAL ROLE %I', role);
    EXECUTE statement;
    RAISE 'done' USING ERRCODE = 'DONE0';
EXCEPTION WHEN OTHERS THEN
    RETURN CASE SQLSTATE WHEN 'DONE0' THEN 'yes' WHEN 'NONE0' THEN 'nothing' ELSE SQLSTATE END;
END $$;
-- a procedure that commits runs in a session of the role's own
CREATE EXTENSION dblink;
CREATE FUNCTION outcome_of_call(role text, statement text, host text, port text) RETURNS text LANGUAGE plpgsql AS $$
BEGIN
    PERFORM dblink_exec(format('dbname=rights_matrix host=%s port=%s user=%s', host, port, role), statement);
    RETURN 'yes';
EXCEPTION WHEN OTHERS THEN
    RETURN SQLSTATE;
END $$;

CREATE VIEW attempt AS
SELECT c.place, c.what, c.routine, r.place AS role_place, 'regress_' || r.role AS role, s.store, s.place AS store_place,
    CASE WHEN r.role = 'superuser' THEN 1 WHEN r.role = 'extension_member' THEN 2
         WHEN c.on_store AND r.role = s.store || '_owner' THEN 3
         WHEN NOT c.on_store AND r.role = 'plain_owner' AND s.store = 'plain' THEN 3
         WHEN r.role = 'operator' AND s.store <> 'other' THEN 4
         WHEN r.role = 'workspace_owner' AND s.store <> 'other' THEN 5 ELSE 6 END AS standing,
    format(c.prepare, VARIADIC arguments) AS prepare, format(c.statement, VARIADIC arguments) AS statement
FROM call c
    CROSS JOIN (VALUES (1, 'superuser'), (2, 'extension_member'), (3, 'database_owner'), (4, 'plain_owner'),
        (5, 'other_owner'), (6, 'operator'),
        (7, 'workspace_owner'), (8, 'reader'), (9, 'stranger')) AS r(place, role)
    CROSS JOIN (VALUES (1, 'super'), (2, 'plain'), (3, 'other')) AS s(place, store)
    CROSS JOIN LATERAL (SELECT ARRAY[s.store, scene.model(store(s.store, 'changed')),
        scene.model(store(s.store)),
        scene.model('[]', desk('changed')), source(s.store, 'changed')::text, mapping(s.store, 'changed')::text,
        (source(s.store) || mapping(s.store))::text, vault('changed')::text] AS arguments) a
WHERE c.on_store OR s.store <> 'other';

CREATE TABLE matrix (executes boolean, LIKE attempt, outcome text);
CREATE PROCEDURE try_all(executes boolean, host text, port text) LANGUAGE sql AS $$
    INSERT INTO matrix SELECT executes, a.*, CASE WHEN prepare IS NULL THEN outcome_of_call(role, statement, host, port)
        ELSE outcome(role, prepare, statement) END FROM attempt a $$;
CREATE FUNCTION show(with_execute boolean)
    RETURNS TABLE (call text, store text, superuser text, extension_member text, database_owner text,
    plain_owner text, other_owner text, operator text, workspace_owner text, reader text, stranger text)
        LANGUAGE sql AS $$
    SELECT replace(what, '`', ''), store, (array_agg(outcome ORDER BY role_place))[1],
        (array_agg(outcome ORDER BY role_place))[2], (array_agg(outcome ORDER BY role_place))[3],
        (array_agg(outcome ORDER BY role_place))[4], (array_agg(outcome ORDER BY role_place))[5],
            (array_agg(outcome ORDER BY role_place))[6],
        (array_agg(outcome ORDER BY role_place))[7], (array_agg(outcome ORDER BY role_place))[8],
            (array_agg(outcome ORDER BY role_place))[9]
    FROM matrix WHERE executes = with_execute GROUP BY place, what, store_place, store ORDER BY place, store_place $$;

CALL try_all(false, :'host', :'port');
SELECT * FROM show(false);
GRANT EXECUTE ON ALL ROUTINES IN SCHEMA datasurface TO PUBLIC;
CALL try_all(true, :'host', :'port');
SELECT * FROM show(true);

-- the same by who somebody is to the object; what has no column of its own is "anybody else", such as the owner of
-- another store
\pset format unaligned
\pset tuples_only on
SELECT '| call, with EXECUTE on it | superuser | member of the extension''s owner | owner of store or source '
    '| operator | workspace''s owner | anybody else | anybody, without EXECUTE |'
UNION ALL SELECT '|---|---|---|---|---|---|---|---|';
SELECT '| ' || concat_ws(' | ', what, by[1], by[2], by[3], by[4], by[5], by[6], without) || ' |'
FROM (SELECT place, what, array_agg(outcomes ORDER BY standing) AS by
      FROM (SELECT place, what, standing, string_agg(DISTINCT outcome, ' or ') AS outcomes
          FROM matrix WHERE executes GROUP BY place, what, standing) one
      GROUP BY place, what) granted
    JOIN (SELECT place, string_agg(DISTINCT outcome, ' or ') AS without
        FROM matrix WHERE NOT executes AND standing > 2 GROUP BY place) other USING (place)
ORDER BY place;

\c :regress_database
DROP DATABASE rights_matrix;
DROP ROLE regress_superuser, regress_extension_owner, regress_extension_member, regress_super_owner,
    regress_database_owner, regress_plain_owner, regress_other_owner,
    regress_workspace_owner, regress_operator, regress_reader, regress_stranger;
