-- Sources and credentials: who may load them, who may use them, and where a password may go. Nothing connects anywhere.
-- In a database of its own.
\set SHOW_CONTEXT never
SELECT current_database() AS regress_database \gset
CREATE DATABASE source_rights;
\c source_rights
CREATE EXTENSION datasurface;
CREATE ROLE regress_crm_owner;
CREATE ROLE regress_crm_team;
CREATE ROLE regress_other_owner;
GRANT regress_crm_team TO regress_crm_owner;
GRANT CREATE ON DATABASE source_rights TO regress_crm_owner, regress_other_owner;
GRANT EXECUTE ON ALL FUNCTIONS IN SCHEMA datasurface TO regress_crm_owner, regress_other_owner;
GRANT EXECUTE ON ALL FUNCTIONS IN SCHEMA datasurface TO regress_crm_team;
CREATE FOREIGN DATA WRAPPER wrapper;
CREATE SERVER crm_srv FOREIGN DATA WRAPPER wrapper OPTIONS (host 'db1', dbname 'crm');
SET client_min_messages = error;

CREATE FUNCTION credential(name text, more jsonb DEFAULT '{}') RETURNS jsonb LANGUAGE sql AS $$
    SELECT jsonb_build_array(jsonb_build_object('name', name, 'description', 'd') || CASE name
        WHEN 'files' THEN '{"kind": "files", "directory": "crm", "roles": ["regress_crm_team"],
            "sources": [{"host": "db1", "database": "crm"}]}'
        ELSE '{"kind": "user_mapping", "server": "crm_srv"}' END::jsonb || more) $$;
CREATE FUNCTION source(credential text, more jsonb DEFAULT '{}') RETURNS jsonb LANGUAGE sql AS $$
    SELECT jsonb_build_array(jsonb_build_object('name', 'db', 'description', 'd', 'kind', 'postgresql', 'host', 'db1',
        'database', 'crm', 'credential', credential) || more) $$;
CREATE FUNCTION store(name text, more jsonb DEFAULT '{"source": "db"}') RETURNS jsonb LANGUAGE sql AS $$
    SELECT scene.store(name, scene.dataset('t', query => 'SELECT id FROM there.t'), more) $$;
CREATE FUNCTION document(credentials jsonb DEFAULT '[]', sources jsonb DEFAULT '[]', stores jsonb DEFAULT '[]')
    RETURNS text LANGUAGE sql AS $$
    SELECT jsonb_build_object('credentials', credentials, 'sources', sources, 'stores', stores)::text $$;
-- what the load of a document by a role comes to; refused: the errors only
CREATE FUNCTION load(role text, document text, replace boolean DEFAULT false) RETURNS text LANGUAGE plpgsql AS $$
DECLARE
    answer text;
BEGIN
    EXECUTE format('SET LOCAL ROLE %I', role);
    SELECT coalesce(string_agg(concat_ws(E'\n    ', severity || ' ' || code || ' ' || pointer, message, hint), E'\n'
        ORDER BY severity, pointer), 'loaded') INTO answer FROM datasurface.ds_validate_model(document, replace);
    IF answer NOT LIKE '%error %' THEN
        PERFORM datasurface.ds_load_model(document, replace);
    END IF;
    RESET ROLE;
    RETURN answer;
END $$;
CREATE FUNCTION loaded() RETURNS text LANGUAGE sql AS $$
    SELECT string_agg(x, E'\n' ORDER BY x) FROM (
        SELECT format('credential %s of %s%s', name, coalesce(nullif(owner, ''), 'the extension'),
            CASE WHEN NOT in_model THEN ', gone' END) FROM datasurface.credential
        UNION ALL SELECT format('source %s of %s%s, connections %s', name, owner,
            CASE WHEN NOT in_model THEN ', gone' END, (SELECT coalesce(string_agg(slot::text, ' ' ORDER BY slot), 'any') FROM datasurface.source_connection c
             WHERE c.source_id = s.source_id))
        FROM datasurface.source s
        UNION ALL SELECT format('store %s from %s', name, source) FROM datasurface.store WHERE in_model) y(x) $$;
SELECT current_user AS me \gset
\pset format unaligned
\pset tuples_only on

-- a credential in files is declared by the extension's owner
SELECT load('regress_crm_owner', document(credential('files')));
SELECT load(:'me', document(credential('files')));
-- a source belongs to its owner; the credential names the owner of the store, or a role that it is a member of
SELECT load('regress_crm_owner', document(sources => source('files', '{"connections": 3}')));
SELECT load('regress_other_owner', document(sources => source('files', '{"owner": "regress_other_owner"}')));
SELECT load('regress_other_owner', document(stores => store('other')));
SELECT load('regress_crm_owner', document(stores => store('crm')));
SELECT loaded();
-- the password goes nowhere else
SELECT load('regress_crm_owner', document(sources => source('files', '{"host": "evil"}')));
SELECT load('regress_crm_owner', document(sources => source('files', '{"hostaddr": "192.0.2.66"}')));
SELECT load('regress_crm_owner', document(sources => source('files', '{"options": {"hostaddr": "192.0.2.66"}}')));
-- what is used stays
SELECT load(:'me', document(credential('files', '{"sources": [{"host": "db2", "database": "crm"}]}')));
SELECT load(:'me', document(stores => store('crm')), true);
SELECT load(:'me', document(sources => source('files'), stores => store('crm')), true);
SELECT load(:'me', document(credential('files', '{"roles": []}')));
SELECT load(:'me', document(credential('files')));
-- other names
SELECT load('regress_crm_owner', document(sources => source('files', '{"name": "crm_db", "was": "db"}')));
SELECT load('regress_crm_owner', document(
    sources => source('files', '{"name": "crm_db", "was": "db", "connections": 2}'),
    stores => store('crm', '{"source": "crm_db"}')));
SELECT load(:'me', document(credential('files', '{"name": "vault", "was": "files"}')));
SELECT load(:'me', document(credential('files', '{"name": "vault", "was": "files"}'),
    source('vault', '{"name": "crm_db", "connections": 2}')));
SELECT loaded();

-- a user mapping: the owner of the store has USAGE and a mapping, and the server is the place of the source
SELECT load('regress_other_owner', document(credential('map')));
SELECT load('regress_crm_owner', document(credential('map', '{"server": "crm_srv", "description": "mine now"}')));
CREATE FUNCTION by_map(more jsonb DEFAULT '{}') RETURNS text LANGUAGE sql AS $$
    SELECT document(sources => source('map', '{"name": "by_map"}'::jsonb || more),
        stores => store('other', '{"source": "by_map"}')) $$;
SELECT load('regress_other_owner', by_map('{"database": "hr"}'));
SELECT load('regress_other_owner', by_map());
GRANT USAGE ON FOREIGN SERVER crm_srv TO regress_other_owner;
SELECT load('regress_other_owner', by_map());
CREATE USER MAPPING FOR regress_other_owner SERVER crm_srv OPTIONS (user 'joe', password 'geheim');
SELECT load('regress_other_owner', by_map());
SELECT load('regress_other_owner', document(credential('map', '{"server": "nosuch"}')));
SELECT loaded();
-- what only follows from an error is not reported beside it
CREATE FUNCTION three(credential jsonb, sources jsonb) RETURNS text LANGUAGE sql AS $$
    SELECT document(credential, sources, store('crm', '{"source": "crm_db"}')) $$;
SELECT load(:'me', three(credential('files', '{"name": "vault", "roles": ["nosuch"]}'), source('vault', '{"name": "crm_db"}')));
SELECT load(:'me', three(credential('files', '{"name": "vault", "roles": "regress_crm_team"}'), source('vault', '{"name": "crm_db"}')));
SELECT load(:'me', three(credential('files', '{"name": "vault"}') #- '{0,roles}', source('vault', '{"name": "crm_db"}')));
SELECT load(:'me', three(credential('map') #- '{0,server}', source('map', '{"name": "crm_db"}')));
SELECT load(:'me', three(credential('map'), source('map', '{"name": "crm_db", "host": "db1:5432"}')));
-- a source that is not there
SELECT scene.refused('SELECT datasurface.ds_test_source(''nosuch'')');
SELECT scene.refused('SELECT datasurface.ds_test_source(''crm'')');

-- a batch that was begun is outdated when the source moves, whoever loads it; and there is no directory of secrets
SELECT count(*) FILTER (WHERE action = 'failed') FROM datasurface.ds_reconcile_schema();
SELECT scene.refused('SELECT datasurface.ds_run(''crm'')');
SELECT state, error_sqlstate, error_message FROM datasurface.batches WHERE stream = 'crm';
CREATE FUNCTION digest() RETURNS text LANGUAGE sql AS $$
    SELECT definition_digest FROM datasurface.dataset d JOIN datasurface.store s USING (store_id)
    WHERE s.name = 'crm' $$;
SELECT digest() \gset
SELECT load(:'me', document(sources => source('vault', '{"name": "crm_db", "statement_timeout": "5min"}')));
SELECT digest() <> :'digest' AS outdated;
SELECT load(:'me', document(
    credential('files', '{"name": "vault", "sources": [{"host": "db3", "database": "crm"}]}'),
    source('vault', '{"name": "crm_db", "host": "db3"}')));
SELECT digest() <> :'digest' AS outdated;

-- nobody reads the catalogs, and nothing is secret in them
SELECT string_agg(c.relname, ' ' ORDER BY c.relname) FROM pg_class c
WHERE c.relname IN ('source', 'credential', 'source_connection') AND c.relnamespace = 'datasurface'::regnamespace
    AND NOT has_table_privilege('regress_crm_owner', c.oid, 'SELECT');
SELECT load(:'me', document(credential('files', '{"password": "geheim"}')));
SELECT count(*) FROM datasurface.model_part WHERE document::text LIKE '%geheim%';
-- all of them leave with the stores
SELECT load(:'me', document(), true);
SELECT loaded();

\c :regress_database
DROP DATABASE source_rights;
DROP ROLE regress_crm_owner, regress_crm_team, regress_other_owner;
