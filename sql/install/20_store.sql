-- What the current model declares. A row stays when its subject leaves the model; in_model is false then. Ids are never
-- reused, so a dataset that comes back has its tables and batch numbers again. Rows hold names, never OIDs.

CREATE TABLE datasurface.store (
    store_id integer GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    name text NOT NULL UNIQUE,
    schema_name text NOT NULL,
    owner text NOT NULL,
    consistency text NOT NULL CHECK (consistency IN ('single', 'multi')),
    description text NOT NULL,
    access jsonb NOT NULL,
    loaded_by text NOT NULL,
    in_model boolean NOT NULL,
    source text
);
COMMENT ON TABLE datasurface.store IS 'data stores: the producers'' databases';
COMMENT ON COLUMN datasurface.store.store_id IS 'identifies the store; never reused';
COMMENT ON COLUMN datasurface.store.name IS 'name in the model';
COMMENT ON COLUMN datasurface.store.schema_name IS 'schema of its data tables';
COMMENT ON COLUMN datasurface.store.owner IS 'role that owns its tables and views, and as which its queries run';
COMMENT ON COLUMN datasurface.store.consistency IS 'multi: all datasets commit in one batch; single: each on its own';
COMMENT ON COLUMN datasurface.store.description IS 'description in the model';
COMMENT ON COLUMN datasurface.store.access IS 'operators, consumers, and roles that decide of held batches, in the model';
COMMENT ON COLUMN datasurface.store.loaded_by IS 'role that loaded the definition it has now';
COMMENT ON COLUMN datasurface.store.in_model IS 'false when the current model no longer names it';
COMMENT ON COLUMN datasurface.store.source IS 'name of the source that its datasets are pulled from; NULL: this database';
SELECT pg_catalog.pg_extension_config_dump('datasurface.store', '');
SELECT pg_catalog.pg_extension_config_dump('datasurface.store_store_id_seq', '');

CREATE TABLE datasurface.dataset (
    dataset_id integer GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    store_id integer NOT NULL,
    name text NOT NULL,
    definition jsonb NOT NULL,
    definition_digest text NOT NULL,
    tables_digest text NOT NULL,
    reconciled_digest text,
    in_model boolean NOT NULL,
    rules_digest text NOT NULL DEFAULT '',
    history_from integer NOT NULL DEFAULT 0,
    last_column_id integer NOT NULL DEFAULT 0,
    made_columns jsonb,
    unpublished boolean NOT NULL DEFAULT false,
    published_from integer NOT NULL DEFAULT 0,
    UNIQUE (store_id, name)
);
COMMENT ON TABLE datasurface.dataset IS 'datasets: the tables of a store';
COMMENT ON COLUMN datasurface.dataset.dataset_id IS 'identifies the dataset; never reused';
COMMENT ON COLUMN datasurface.dataset.store_id IS 'its store';
COMMENT ON COLUMN datasurface.dataset.name IS 'name in the model';
COMMENT ON COLUMN datasurface.dataset.definition IS 'definition in the model, with defaults written out; each column has its id in the dataset, which a rename leaves as it is';
COMMENT ON COLUMN datasurface.dataset.definition_digest IS 'SHA-256 of the definition without its descriptions, and without what rules_digest is of';
COMMENT ON COLUMN datasurface.dataset.tables_digest IS 'SHA-256 of the part of the definition that its tables depend on';
COMMENT ON COLUMN datasurface.dataset.reconciled_digest IS 'tables_digest that its tables were last reconciled with; NULL before the first time';
COMMENT ON COLUMN datasurface.dataset.in_model IS 'false when the current model no longer names it';
COMMENT ON COLUMN datasurface.dataset.rules_digest IS 'SHA-256 of the brakes, checks and references of the definition, and of what becomes of held batches. Empty if an earlier version loaded it, which knew none: those that are built in apply';
COMMENT ON COLUMN datasurface.dataset.history_from IS 'first batch that its as-of function can answer for: the newest one when it became milestoned. 0 if it always was';
COMMENT ON COLUMN datasurface.dataset.last_column_id IS 'largest id that a column of it ever had. 0 if an earlier version loaded it, which gave no ids';
COMMENT ON COLUMN datasurface.dataset.made_columns IS 'columns of its tables since the last reconcile: id and name. NULL before the first time';
COMMENT ON COLUMN datasurface.dataset.unpublished IS 'true until its first load in chunks is complete and a batch has published it: views and as-of function show nothing, and batches leave it out';
COMMENT ON COLUMN datasurface.dataset.published_from IS 'batch that published its first load in chunks. The rows of that load have ds_surf_batch_in = 0, shown as this batch, and as of earlier batches there is nothing. 0 if it was never loaded in chunks';
SELECT pg_catalog.pg_extension_config_dump('datasurface.dataset', '');
SELECT pg_catalog.pg_extension_config_dump('datasurface.dataset_dataset_id_seq', '');

CREATE INDEX dataset_unpublished_idx ON datasurface.dataset (store_id) WHERE unpublished;
COMMENT ON INDEX datasurface.dataset_unpublished_idx IS 'finds the datasets of a store that are in their first load';

CREATE TABLE datasurface.workspace (
    workspace_id integer GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    name text NOT NULL UNIQUE,
    schema_name text NOT NULL,
    owner text NOT NULL,
    definition jsonb NOT NULL,
    loaded_by text NOT NULL,
    in_model boolean NOT NULL
);
COMMENT ON TABLE datasurface.workspace IS 'workspaces: the consumers';
COMMENT ON COLUMN datasurface.workspace.workspace_id IS 'identifies the workspace; never reused';
COMMENT ON COLUMN datasurface.workspace.name IS 'name in the model';
COMMENT ON COLUMN datasurface.workspace.schema_name IS 'schema of its views';
COMMENT ON COLUMN datasurface.workspace.owner IS 'role that owns that schema';
COMMENT ON COLUMN datasurface.workspace.definition IS 'definition in the model, with defaults written out';
COMMENT ON COLUMN datasurface.workspace.loaded_by IS 'role that loaded the definition it has now';
COMMENT ON COLUMN datasurface.workspace.in_model IS 'false when the current model no longer names it';
SELECT pg_catalog.pg_extension_config_dump('datasurface.workspace', '');
SELECT pg_catalog.pg_extension_config_dump('datasurface.workspace_workspace_id_seq', '');

-- Every table, sequence, index, view and function that reconcile made. An object under a name of the model that is not in
-- this table belongs to somebody else, and is never touched.
CREATE TABLE datasurface.relation (
    schema_name text NOT NULL,
    name text NOT NULL,
    kind text NOT NULL CHECK (kind IN ('staging', 'sequence', 'merge', 'merge_key', 'history', 'history_out_index', 'history_key_index', 'index', 'as_of', 'view', 'full_view')),
    dataset_id integer NOT NULL,
    workspace_id integer,
    definition text NOT NULL,
    owner text NOT NULL DEFAULT '',
    readers text[] NOT NULL DEFAULT '{}',
    PRIMARY KEY (schema_name, name, kind)
);
COMMENT ON TABLE datasurface.relation IS 'tables, views and functions that ds_reconcile_schema made for datasets';
COMMENT ON COLUMN datasurface.relation.schema_name IS 'schema';
COMMENT ON COLUMN datasurface.relation.name IS 'name in that schema';
COMMENT ON COLUMN datasurface.relation.kind IS 'staging, merge or history table, their sequence, key or indexes, as_of function, view (current rows) or full_view (all versions). index: a key or an index that an earlier version made';
COMMENT ON COLUMN datasurface.relation.dataset_id IS 'dataset whose rows it holds or shows';
COMMENT ON COLUMN datasurface.relation.workspace_id IS 'workspace that a view belongs to';
COMMENT ON COLUMN datasurface.relation.definition IS 'the statement that made or last replaced it';
COMMENT ON COLUMN datasurface.relation.owner IS 'role that it was made for. Empty if an earlier version made it: the owner of the store';
COMMENT ON COLUMN datasurface.relation.readers IS 'roles to which ds_reconcile_schema granted SELECT on a view; public is PUBLIC. What others granted is not here, and is never revoked';
CREATE INDEX relation_dataset_id_idx ON datasurface.relation (dataset_id);
-- a dataset has one of each kind, so the view datasets has one row per dataset
CREATE UNIQUE INDEX relation_table_idx ON datasurface.relation (dataset_id, kind) WHERE kind IN ('staging', 'merge', 'history', 'as_of');
CREATE INDEX relation_workspace_id_idx ON datasurface.relation (workspace_id) WHERE workspace_id IS NOT NULL;
SELECT pg_catalog.pg_extension_config_dump('datasurface.relation', '');

-- USAGE on schemas that reconcile granted. It is revoked when a workspace names the role no longer; what others granted is kept.
CREATE TABLE datasurface.schema_reader (
    workspace_id integer NOT NULL,
    schema_name text NOT NULL,
    role text NOT NULL,
    PRIMARY KEY (workspace_id, schema_name, role)
);
COMMENT ON TABLE datasurface.schema_reader IS 'roles to which ds_reconcile_schema granted USAGE on a schema of views';
COMMENT ON COLUMN datasurface.schema_reader.workspace_id IS 'workspace whose reader the role is or was';
COMMENT ON COLUMN datasurface.schema_reader.schema_name IS 'schema';
COMMENT ON COLUMN datasurface.schema_reader.role IS 'role; public is PUBLIC';
SELECT pg_catalog.pg_extension_config_dump('datasurface.schema_reader', '');
COMMENT ON INDEX datasurface.schema_reader_pkey IS 'finds the readers of the schemas of a workspace';

COMMENT ON SEQUENCE datasurface.store_store_id_seq IS 'numbers stores';
COMMENT ON SEQUENCE datasurface.dataset_dataset_id_seq IS 'numbers datasets';
COMMENT ON SEQUENCE datasurface.workspace_workspace_id_seq IS 'numbers workspaces';
COMMENT ON INDEX datasurface.store_pkey IS 'finds a store by its number';
COMMENT ON INDEX datasurface.store_name_key IS 'finds a store by its name';
COMMENT ON INDEX datasurface.dataset_pkey IS 'finds a dataset by its number';
COMMENT ON INDEX datasurface.dataset_store_id_name_key IS 'finds a dataset of a store by its name';
COMMENT ON INDEX datasurface.workspace_pkey IS 'finds a workspace by its number';
COMMENT ON INDEX datasurface.workspace_name_key IS 'finds a workspace by its name';
COMMENT ON INDEX datasurface.relation_pkey IS 'a name belongs to one relation of a kind';
COMMENT ON INDEX datasurface.relation_dataset_id_idx IS 'finds what belongs to a dataset';
COMMENT ON INDEX datasurface.relation_table_idx IS 'a dataset has one table of a kind';
COMMENT ON INDEX datasurface.relation_workspace_id_idx IS 'finds the views of a workspace';
