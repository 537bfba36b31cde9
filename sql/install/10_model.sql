-- The model: what was loaded, version by version. A document is cut into one part per credential, source, store and workspace,
-- and a part is kept once, however many versions have it: a document with 50,000 datasets has 53 MB.

CREATE TABLE datasurface.model_part (
    digest text PRIMARY KEY,
    kind text NOT NULL CHECK (kind IN ('store', 'workspace', 'source', 'credential')),
    name text NOT NULL,
    document jsonb NOT NULL
);
COMMENT ON TABLE datasurface.model_part IS 'parts of model versions, one per credential, source, store or workspace, each kept once';
COMMENT ON COLUMN datasurface.model_part.digest IS 'SHA-256 of the kind and the canonical document, hexadecimal';
COMMENT ON COLUMN datasurface.model_part.kind IS 'credential, source, store or workspace';
COMMENT ON COLUMN datasurface.model_part.name IS 'name of the credential, source, store or workspace';
COMMENT ON COLUMN datasurface.model_part.document IS 'the part as JSON, defaults written out';
SELECT pg_catalog.pg_extension_config_dump('datasurface.model_part', '');

CREATE TABLE datasurface.model_version (
    version integer GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    loaded_at timestamptz NOT NULL DEFAULT pg_catalog.now(),
    loaded_by text NOT NULL
);
COMMENT ON TABLE datasurface.model_version IS 'versions of the model, the largest is the current one';
COMMENT ON COLUMN datasurface.model_version.version IS 'rises by each load that changed something';
COMMENT ON COLUMN datasurface.model_version.loaded_at IS 'start of the transaction that loaded it';
COMMENT ON COLUMN datasurface.model_version.loaded_by IS 'role that loaded it';
SELECT pg_catalog.pg_extension_config_dump('datasurface.model_version', '');
SELECT pg_catalog.pg_extension_config_dump('datasurface.model_version_version_seq', '');

CREATE TABLE datasurface.model_version_part (
    version integer NOT NULL,
    kind text NOT NULL,
    name text NOT NULL,
    digest text NOT NULL,
    PRIMARY KEY (version, kind, name)
);
COMMENT ON TABLE datasurface.model_version_part IS 'which parts make up a version of the model';
COMMENT ON COLUMN datasurface.model_version_part.version IS 'version of the model';
COMMENT ON COLUMN datasurface.model_version_part.kind IS 'credential, source, store or workspace';
COMMENT ON COLUMN datasurface.model_version_part.name IS 'name of the credential, source, store or workspace';
COMMENT ON COLUMN datasurface.model_version_part.digest IS 'the part';
SELECT pg_catalog.pg_extension_config_dump('datasurface.model_version_part', '');

COMMENT ON SEQUENCE datasurface.model_version_version_seq IS 'numbers versions of the model';
COMMENT ON INDEX datasurface.model_part_pkey IS 'a part is kept once';
COMMENT ON INDEX datasurface.model_version_pkey IS 'finds a version, and the newest';
COMMENT ON INDEX datasurface.model_version_part_pkey IS 'finds the parts of a version';
