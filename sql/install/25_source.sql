-- The sources of stores, and how a session logs in there. As in 20_store.sql, a row stays when its subject leaves the model.

CREATE TABLE datasurface.credential (
    credential_id integer GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    name text NOT NULL UNIQUE,
    owner text NOT NULL,
    definition jsonb NOT NULL,
    loaded_by text NOT NULL,
    in_model boolean NOT NULL
);
COMMENT ON TABLE datasurface.credential IS 'credentials: where user and password of sources are kept. Nothing here is secret';
COMMENT ON COLUMN datasurface.credential.credential_id IS 'identifies the credential; never reused';
COMMENT ON COLUMN datasurface.credential.name IS 'name in the model';
COMMENT ON COLUMN datasurface.credential.owner IS 'role whose members may change it; empty: the owner of the extension';
COMMENT ON COLUMN datasurface.credential.definition IS 'definition in the model, with defaults written out';
COMMENT ON COLUMN datasurface.credential.loaded_by IS 'role that loaded the definition it has now';
COMMENT ON COLUMN datasurface.credential.in_model IS 'false when the current model no longer names it';
SELECT pg_catalog.pg_extension_config_dump('datasurface.credential', '');
SELECT pg_catalog.pg_extension_config_dump('datasurface.credential_credential_id_seq', '');
COMMENT ON SEQUENCE datasurface.credential_credential_id_seq IS 'numbers credentials';
COMMENT ON INDEX datasurface.credential_pkey IS 'finds a credential by its number';
COMMENT ON INDEX datasurface.credential_name_key IS 'finds a credential by its name';

CREATE TABLE datasurface.source (
    source_id integer GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    name text NOT NULL UNIQUE,
    owner text NOT NULL,
    definition jsonb NOT NULL,
    loaded_by text NOT NULL,
    in_model boolean NOT NULL
);
COMMENT ON TABLE datasurface.source IS 'sources: servers that the datasets of stores are pulled from';
COMMENT ON COLUMN datasurface.source.source_id IS 'identifies the source; never reused';
COMMENT ON COLUMN datasurface.source.name IS 'name in the model';
COMMENT ON COLUMN datasurface.source.owner IS 'role whose members may change it';
COMMENT ON COLUMN datasurface.source.definition IS 'definition in the model, with defaults written out';
COMMENT ON COLUMN datasurface.source.loaded_by IS 'role that loaded the definition it has now';
COMMENT ON COLUMN datasurface.source.in_model IS 'false when the current model no longer names it';
SELECT pg_catalog.pg_extension_config_dump('datasurface.source', '');
SELECT pg_catalog.pg_extension_config_dump('datasurface.source_source_id_seq', '');
COMMENT ON SEQUENCE datasurface.source_source_id_seq IS 'numbers sources';
COMMENT ON INDEX datasurface.source_pkey IS 'finds a source by its number';
COMMENT ON INDEX datasurface.source_name_key IS 'finds a source by its name';

-- A session locks a row as long as it uses the connection: advisory locks could be taken by anybody.
CREATE TABLE datasurface.source_connection (
    source_id integer NOT NULL,
    slot integer NOT NULL CHECK (slot > 0),
    PRIMARY KEY (source_id, slot)
);
COMMENT ON TABLE datasurface.source_connection IS 'connections to sources that all sessions together may use at the same time: a row for each. Sources without a limit have none';
COMMENT ON COLUMN datasurface.source_connection.source_id IS 'source';
COMMENT ON COLUMN datasurface.source_connection.slot IS 'number, from 1';
SELECT pg_catalog.pg_extension_config_dump('datasurface.source_connection', '');
COMMENT ON INDEX datasurface.source_connection_pkey IS 'finds the connections of a source';
