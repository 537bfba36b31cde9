-- Catalog changes from 0.1.0 to 0.2.0. By hand; make puts all functions and views behind them (sql/make_update.sh).
--
-- * Changes of datasurface.stream come first. Batches lock that table before the others, so an update meets no deadlock with one.
-- * A new column stands last here and last in its table in sql/install, with a COMMENT in both.
-- * A new table: as in sql/install, with its comments, pg_extension_config_dump, and REVOKE ALL ON that table FROM PUBLIC.
-- * A new function or view is named in a line "-- new: name name", so that it comes with its grants. One that goes away, or
--   whose arguments or result change, is dropped here; the latter is new then.
-- * No GRANT or REVOKE on what exists: in an extension's script it would make grants of the administrator's look like
--   the extension's own, and pg_dump would leave them out.

ALTER TABLE datasurface.stream
    ADD COLUMN generation bigint NOT NULL DEFAULT 0,
    ADD COLUMN checks_without_batch bigint NOT NULL DEFAULT 0,
    ADD COLUMN source_system text,
    ADD COLUMN source_timeline integer,
    ADD COLUMN source_lsn pg_catalog.pg_lsn;
COMMENT ON COLUMN datasurface.stream.checked_at IS 'time of the newest commit of a batch, or of the newest run that found nothing changed; rises strictly. NULL before the first';
COMMENT ON COLUMN datasurface.stream.generation IS 'rises by one with each change of the stream, its batches or its definition. A call compares it before it writes, to find changes by code that ran within the call';
COMMENT ON COLUMN datasurface.stream.checks_without_batch IS 'number of runs without a run id that found nothing changed, and recorded no batch';
COMMENT ON COLUMN datasurface.stream.source_system IS 'system identifier of the source at checked_at; NULL if the rows were none of a source';
COMMENT ON COLUMN datasurface.stream.source_timeline IS 'its timeline then';
COMMENT ON COLUMN datasurface.stream.source_lsn IS 'its position in the WAL then';

-- comments in plainer words
COMMENT ON COLUMN datasurface.store.store_id IS 'identifies the store; never reused';
COMMENT ON COLUMN datasurface.dataset.dataset_id IS 'identifies the dataset; never reused';
COMMENT ON COLUMN datasurface.workspace.workspace_id IS 'identifies the workspace; never reused';
COMMENT ON COLUMN datasurface.store.description IS 'description in the model';
COMMENT ON COLUMN datasurface.store.access IS 'operators, consumers, and roles that decide of held batches, in the model';
COMMENT ON COLUMN datasurface.workspace.definition IS 'definition in the model, with defaults written out';
COMMENT ON INDEX datasurface.relation_pkey IS 'a name belongs to one relation of a kind';
COMMENT ON COLUMN datasurface.stream.stream_id IS 'identifies the stream; never reused';
COMMENT ON TABLE datasurface.stream IS 'streams: a batch runs on a store or on one dataset of it. The row is locked by each call that works on the stream';
COMMENT ON COLUMN datasurface.stream.dataset_id IS 'its dataset; NULL if the stream has all datasets of the store';
COMMENT ON COLUMN datasurface.batch.batch_id IS 'number of the batch, rises within the stream; ds_surf_batch_in and ds_surf_batch_out contain it';
COMMENT ON COLUMN datasurface.batch.staged_by IS 'run id of the ds_run that staged its rows: only that run may publish them without a new pull. NULL if nothing is staged, or if ds_ingest or a call without a run id has staged it';
COMMENT ON COLUMN datasurface.batch.started_at IS 'when it began, or last began anew';
COMMENT ON COLUMN datasurface.batch.error_step IS 'of a failed batch: ingest, merge, checks or references, with the dataset if it is known, or operator';
COMMENT ON COLUMN datasurface.batch.changed IS 'of a committed batch: true if it inserted, updated or deleted a row of any dataset';
COMMENT ON TABLE datasurface.batch_run IS 'run ids of callers. Each belongs to one batch of its stream, so a call can be repeated safely. A run id may outlive the row of its batch, which is then committed';
COMMENT ON COLUMN datasurface.batch_run.recorded_at IS 'start of the transaction of the first call with the id';

-- changes of a model
DROP FUNCTION datasurface.ds_reconcile_schema(text);
-- new: ds_reconcile_schema ds_reconcile ds_plan_schema ds_drop_dataset orphans ds_preflight
ALTER TABLE datasurface.relation
    DROP CONSTRAINT relation_kind_check,
    ADD CONSTRAINT relation_kind_check CHECK (kind IN ('staging', 'sequence', 'merge', 'merge_key', 'history', 'history_out_index', 'history_key_index', 'index', 'as_of', 'view', 'full_view')),
    ADD COLUMN owner text NOT NULL DEFAULT '';
COMMENT ON COLUMN datasurface.relation.kind IS 'staging, merge or history table, their sequence, key or indexes, as_of function, view (current rows) or full_view (all versions). index: a key or an index that an earlier version made';
COMMENT ON COLUMN datasurface.relation.owner IS 'role that it was made for. Empty if an earlier version made it: the owner of the store';
ALTER TABLE datasurface.dataset
    ADD COLUMN rules_digest text NOT NULL DEFAULT '',
    ADD COLUMN history_from integer NOT NULL DEFAULT 0,
    ADD COLUMN last_column_id integer NOT NULL DEFAULT 0,
    ADD COLUMN made_columns jsonb,
    ADD COLUMN unpublished boolean NOT NULL DEFAULT false,
    ADD COLUMN published_from integer NOT NULL DEFAULT 0;
COMMENT ON COLUMN datasurface.dataset.definition IS 'definition in the model, with defaults written out; each column has its id in the dataset, which a rename leaves as it is';
COMMENT ON COLUMN datasurface.dataset.history_from IS 'first batch that its as-of function can answer for: the newest one when it became milestoned. 0 if it always was';
COMMENT ON COLUMN datasurface.dataset.last_column_id IS 'largest id that a column of it ever had. 0 if an earlier version loaded it, which gave no ids';
COMMENT ON COLUMN datasurface.dataset.made_columns IS 'columns of its tables since the last reconcile: id and name. NULL before the first time';
COMMENT ON COLUMN datasurface.dataset.unpublished IS 'true until its first load in chunks is complete and a batch has published it: views and as-of function show nothing, and batches leave it out';
COMMENT ON COLUMN datasurface.dataset.published_from IS 'batch that published its first load in chunks. The rows of that load have ds_surf_batch_in = 0, shown as this batch, and as of earlier batches there is nothing. 0 if it was never loaded in chunks';
CREATE INDEX dataset_unpublished_idx ON datasurface.dataset (store_id) WHERE unpublished;
COMMENT ON INDEX datasurface.dataset_unpublished_idx IS 'finds the datasets of a store that are in their first load';

-- brakes
COMMENT ON COLUMN datasurface.dataset.rules_digest IS 'SHA-256 of the brakes, checks and references of the definition, and of what becomes of held batches. Empty if an earlier version loaded it, which knew none: those that are built in apply';
COMMENT ON COLUMN datasurface.dataset.definition_digest IS 'SHA-256 of the definition without its descriptions, and without what rules_digest is of';
ALTER TABLE datasurface.batch
    ADD COLUMN held_at timestamptz,
    ADD COLUMN source_system text,
    ADD COLUMN source_timeline integer,
    ADD COLUMN source_lsn pg_catalog.pg_lsn,
    ADD COLUMN received_bytes bigint,
    ADD CHECK ((state = 'held') = (held_at IS NOT NULL));
COMMENT ON COLUMN datasurface.batch.held_at IS 'of a held batch: since when. A run that finds the same changes again leaves it as it is';
COMMENT ON COLUMN datasurface.batch.source_system IS 'system identifier of the source whose snapshot the rows are of; NULL if they are none of a source';
COMMENT ON COLUMN datasurface.batch.source_timeline IS 'timeline of that snapshot';
COMMENT ON COLUMN datasurface.batch.source_lsn IS 'position in the WAL of that snapshot, or a little later';
COMMENT ON COLUMN datasurface.batch.received_bytes IS 'bytes that came from the source';
DROP INDEX datasurface.batch_unchanged_idx;
CREATE INDEX batch_unchanged_idx ON datasurface.batch (stream_id, finished_at)
    WHERE NOT changed OR state = 'discarded';
COMMENT ON INDEX datasurface.batch_unchanged_idx IS 'finds the oldest batches that changed nothing or were discarded';
ALTER TABLE datasurface.batch_dataset ADD COLUMN changes_digest text;
COMMENT ON COLUMN datasurface.batch_dataset.changes_digest IS 'of a held batch: digest of the changes, old and new values, in any order';

CREATE TABLE datasurface.batch_finding (
    stream_id integer NOT NULL,
    batch_id integer NOT NULL,
    dataset_id integer NOT NULL,
    kind text NOT NULL CHECK (kind IN ('brake', 'check', 'reference', 'release', 'source')),
    rule text NOT NULL,
    action text NOT NULL CHECK (action IN ('near', 'warn', 'hold', 'fail')),
    count bigint NOT NULL,
    total bigint,
    threshold text,
    keys text,
    message text NOT NULL,
    PRIMARY KEY (stream_id, batch_id, dataset_id, kind, rule)
);
COMMENT ON TABLE datasurface.batch_finding IS 'brakes, checks and references of a model that stopped a batch, or that it was warned of, and brakes that it was near';
COMMENT ON COLUMN datasurface.batch_finding.stream_id IS 'stream of the batch';
COMMENT ON COLUMN datasurface.batch_finding.batch_id IS 'the batch';
COMMENT ON COLUMN datasurface.batch_finding.dataset_id IS 'the dataset';
COMMENT ON COLUMN datasurface.batch_finding.kind IS 'brake, check or reference; release, if no rule is broken, but a release found other changes than those that were held; source, if its snapshot is older than that of the last commit or check';
COMMENT ON COLUMN datasurface.batch_finding.rule IS 'name of the brake, check or reference';
COMMENT ON COLUMN datasurface.batch_finding.action IS 'warn, hold or fail, as the model said then; near: the batch nearly reached a brake that holds or fails it';
COMMENT ON COLUMN datasurface.batch_finding.count IS 'rows that were counted';
COMMENT ON COLUMN datasurface.batch_finding.total IS 'rows that they were compared with; NULL for checks and references';
COMMENT ON COLUMN datasurface.batch_finding.threshold IS 'what the model allowed, in words; NULL except for brakes';
COMMENT ON COLUMN datasurface.batch_finding.keys IS 'keys of some of the rows; NULL for brakes';
COMMENT ON COLUMN datasurface.batch_finding.message IS 'the finding in words, without a value of the data';
SELECT pg_catalog.pg_extension_config_dump('datasurface.batch_finding', '');

CREATE TABLE datasurface.batch_decision (
    stream_id integer NOT NULL,
    batch_id integer NOT NULL,
    decided_at timestamptz NOT NULL,
    decision text NOT NULL CHECK (decision IN ('release', 'discard', 'replace')),
    outcome text NOT NULL CHECK (outcome IN ('published', 'held', 'discarded')),
    decided_by text NOT NULL,
    reason text NOT NULL,
    PRIMARY KEY (stream_id, batch_id, decided_at)
);
COMMENT ON TABLE datasurface.batch_decision IS 'what became of held batches, and who decided it';
COMMENT ON COLUMN datasurface.batch_decision.stream_id IS 'stream of the batch';
COMMENT ON COLUMN datasurface.batch_decision.batch_id IS 'the batch';
COMMENT ON COLUMN datasurface.batch_decision.decided_at IS 'when';
COMMENT ON COLUMN datasurface.batch_decision.decision IS 'release and discard are decisions of a person; replace is a run that pulled anew';
COMMENT ON COLUMN datasurface.batch_decision.outcome IS 'published; held, if other changes were found than those that were held; or discarded';
COMMENT ON COLUMN datasurface.batch_decision.decided_by IS 'role that called';
COMMENT ON COLUMN datasurface.batch_decision.reason IS 'reason that the caller gave; of a run, the batch that replaced it';
SELECT pg_catalog.pg_extension_config_dump('datasurface.batch_decision', '');
COMMENT ON INDEX datasurface.batch_finding_pkey IS 'finds what stopped a batch';
COMMENT ON INDEX datasurface.batch_decision_pkey IS 'finds what was decided of a batch';
REVOKE ALL ON datasurface.batch_finding, datasurface.batch_decision FROM PUBLIC;
-- new: batch_findings batch_decisions alarms ds_row_digest ds_preview_batch ds_release_batch ds_discard_batch

-- what reconcile did
CREATE TABLE datasurface.operation (
    operation_id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    started_at timestamptz NOT NULL,
    duration interval NOT NULL,
    role text NOT NULL,
    store text,
    dataset text,
    object text NOT NULL,
    action text,
    statement text,
    class text,
    outcome text NOT NULL CHECK (outcome IN ('done', 'failed')),
    error text
);
COMMENT ON TABLE datasurface.operation IS 'statements that reconcile executed in tables and views, and what failed. Old ones are removed';
COMMENT ON COLUMN datasurface.operation.operation_id IS 'number, in the order of recording';
COMMENT ON COLUMN datasurface.operation.started_at IS 'when the statement began';
COMMENT ON COLUMN datasurface.operation.duration IS 'time that it took';
COMMENT ON COLUMN datasurface.operation.role IS 'role that called';
COMMENT ON COLUMN datasurface.operation.store IS 'name of the store then; NULL for the schema of a workspace';
COMMENT ON COLUMN datasurface.operation.dataset IS 'name of the dataset then; NULL for schemas';
COMMENT ON COLUMN datasurface.operation.object IS 'what was changed';
COMMENT ON COLUMN datasurface.operation.action IS 'create, alter, replace, comment or drop; NULL if it failed before a statement';
COMMENT ON COLUMN datasurface.operation.statement IS 'the statement; NULL if it failed before one';
COMMENT ON COLUMN datasurface.operation.class IS 'safe, rewrite or lossy; NULL if it failed before a statement';
COMMENT ON COLUMN datasurface.operation.outcome IS 'done or failed. What fails takes back the statements before it that belong to the same dataset or sink; these are not recorded';
COMMENT ON COLUMN datasurface.operation.error IS 'of what failed: SQLSTATE and message';
CREATE INDEX operation_started_at_idx ON datasurface.operation (started_at);
SELECT pg_catalog.pg_extension_config_dump('datasurface.operation', '');
SELECT pg_catalog.pg_extension_config_dump('datasurface.operation_operation_id_seq', '');
COMMENT ON SEQUENCE datasurface.operation_operation_id_seq IS 'numbers operations';
COMMENT ON INDEX datasurface.operation_pkey IS 'finds an operation by its number';
COMMENT ON INDEX datasurface.operation_started_at_idx IS 'finds the oldest operations, and those of a time';
REVOKE ALL ON datasurface.operation FROM PUBLIC;
-- new: operations

-- readers of workspaces
ALTER TABLE datasurface.relation ADD COLUMN readers text[] NOT NULL DEFAULT '{}';
COMMENT ON COLUMN datasurface.relation.readers IS 'roles to which ds_reconcile_schema granted SELECT on a view; public is PUBLIC. What others granted is not here, and is never revoked';
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
REVOKE ALL ON datasurface.schema_reader FROM PUBLIC;

-- pulls that are compared as they arrive
ALTER TABLE datasurface.stream ADD COLUMN pulls_to_stage integer NOT NULL DEFAULT 0;
COMMENT ON COLUMN datasurface.stream.pulls_to_stage IS 'so many of its next pulls stage all their rows, because an earlier pull could not compare its rows as they arrived';
ALTER TABLE datasurface.batch_dataset ADD COLUMN way text CHECK (way IN ('staged', 'straight')), ADD COLUMN way_reason text,
    ADD COLUMN received_bytes bigint,
    ADD COLUMN mode text NOT NULL DEFAULT 'snapshot' CHECK (mode IN ('snapshot', 'window'));
COMMENT ON COLUMN datasurface.batch_dataset.way IS 'staged: all rows were written to the staging table first; straight: they were compared as they arrived. NULL before that, and of batches of versions before 0.2';
COMMENT ON COLUMN datasurface.batch_dataset.way_reason IS 'of a pull by ds_run: why its rows were staged, and not compared as they arrived. NULL of pushes, of ds_ingest, and where the batch is compared with one that was held or begins anew';
COMMENT ON COLUMN datasurface.batch_dataset.received_bytes IS 'bytes of its rows that came from the source; NULL of rows of this database';
COMMENT ON COLUMN datasurface.batch_dataset.mode IS 'snapshot: a row whose key is not staged has vanished; window: it stays, and a staged row may be a delete';
COMMENT ON COLUMN datasurface.batch_dataset.staged IS 'rows staged or received, as the ingest counted them';
COMMENT ON COLUMN datasurface.batch_dataset.ingest_time IS 'time that staging took; NULL of rows that were compared as they arrived';

-- sources
ALTER TABLE datasurface.model_part
    DROP CONSTRAINT model_part_kind_check,
    ADD CONSTRAINT model_part_kind_check CHECK (kind IN ('store', 'workspace', 'source', 'credential'));
COMMENT ON TABLE datasurface.model_part IS 'parts of model versions, one per credential, source, store or workspace, each kept once';
COMMENT ON COLUMN datasurface.model_part.kind IS 'credential, source, store or workspace';
COMMENT ON COLUMN datasurface.model_part.name IS 'name of the credential, source, store or workspace';
COMMENT ON COLUMN datasurface.model_version_part.kind IS 'credential, source, store or workspace';
COMMENT ON COLUMN datasurface.model_version_part.name IS 'name of the credential, source, store or workspace';
ALTER TABLE datasurface.store ADD COLUMN source text;
COMMENT ON COLUMN datasurface.store.source IS 'name of the source that its datasets are pulled from; NULL: this database';

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
REVOKE ALL ON datasurface.credential FROM PUBLIC;

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
REVOKE ALL ON datasurface.source FROM PUBLIC;

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
REVOKE ALL ON datasurface.source_connection FROM PUBLIC;
-- new: ds_received ds_test_source sources

-- watermarks
CREATE TABLE datasurface.watermark (
    dataset_id integer PRIMARY KEY,
    rows_digest text NOT NULL,
    mark bigint,
    advanced_at timestamptz,
    held_by text,
    next_whole text,
    asked_at timestamptz,
    whole_at timestamptz,
    why_whole text,
    window_rows bigint,
    reread bigint
);
COMMENT ON TABLE datasurface.watermark IS 'marks of datasets of which only rows beyond a mark are pulled';
COMMENT ON COLUMN datasurface.watermark.dataset_id IS 'the dataset';
COMMENT ON COLUMN datasurface.watermark.rows_digest IS 'of what the model says of its columns, key and source: a mark that was taken by another model is forgotten';
COMMENT ON COLUMN datasurface.watermark.mark IS 'where the next window begins, before the overlap is taken off: microseconds since 1970, a number, or a transaction. NULL: the next pull is whole';
COMMENT ON COLUMN datasurface.watermark.advanced_at IS 'when the mark last changed';
COMMENT ON COLUMN datasurface.watermark.held_by IS 'why the last batch or check left the mark where it was, or could not raise it to the clock of the source; NULL: nothing held it';
COMMENT ON COLUMN datasurface.watermark.next_whole IS 'why the next pull has to be whole; NULL: it need not';
COMMENT ON COLUMN datasurface.watermark.asked_at IS 'when next_whole was last set: a whole pull that was staged before does not end it';
COMMENT ON COLUMN datasurface.watermark.whole_at IS 'when the last whole pull was committed';
COMMENT ON COLUMN datasurface.watermark.why_whole IS 'why that was whole';
COMMENT ON COLUMN datasurface.watermark.window_rows IS 'rows of the last window; NULL if the last pull was whole';
COMMENT ON COLUMN datasurface.watermark.reread IS 'of these, the rows that changed nothing';
SELECT pg_catalog.pg_extension_config_dump('datasurface.watermark', '');
COMMENT ON INDEX datasurface.watermark_pkey IS 'finds the mark of a dataset';
REVOKE ALL ON datasurface.watermark FROM PUBLIC;
ALTER TABLE datasurface.batch_dataset ADD COLUMN mark bigint, ADD COLUMN mark_held_by text, ADD COLUMN why_whole text, ADD COLUMN looked_up boolean;
COMMENT ON COLUMN datasurface.batch_dataset.mark IS 'of a pull with a watermark: the mark that it leaves, as in watermark.mark; NULL: the next pull is whole';
COMMENT ON COLUMN datasurface.batch_dataset.mark_held_by IS 'why that mark is not what the clock of the source says; NULL if it is';
COMMENT ON COLUMN datasurface.batch_dataset.why_whole IS 'of a pull with a watermark: why it took all rows; NULL of a window';
COMMENT ON COLUMN datasurface.batch_dataset.looked_up IS 'of a window that the native engine merged: true if it looked the keys up in the index of the merge table, false if it read that table';
-- first loads in chunks
CREATE TABLE datasurface.load (
    dataset_id integer PRIMARY KEY,
    rows_digest text NOT NULL,
    cut_by text CHECK (cut_by IN ('key', 'ctid')),
    null_keys boolean NOT NULL DEFAULT false,
    chunk_rows bigint NOT NULL,
    begun_at timestamptz,
    source_system text,
    source_timeline integer,
    source_lsn pg_lsn,
    error_sqlstate text,
    error_message text,
    error_detail text,
    error_hint text,
    failed_at timestamptz,
    published_at timestamptz,
    chunks integer,
    loaded bigint,
    skipped bigint
);
COMMENT ON TABLE datasurface.load IS 'first loads in chunks';
COMMENT ON COLUMN datasurface.load.dataset_id IS 'the dataset';
COMMENT ON COLUMN datasurface.load.rows_digest IS 'of what the model said of its columns, key and source when the load began: by another model it begins anew';
COMMENT ON COLUMN datasurface.load.cut_by IS 'what chunks are ranges of: key or ctid. NULL: there are no chunks, or some were given up; the batch that publishes the dataset reads all rows';
COMMENT ON COLUMN datasurface.load.null_keys IS 'the first chunk looks for rows without a key too';
COMMENT ON COLUMN datasurface.load.chunk_rows IS 'rows that a chunk should have';
COMMENT ON COLUMN datasurface.load.begun_at IS 'when it was cut into chunks; NULL: it could not begin yet';
COMMENT ON COLUMN datasurface.load.source_system IS 'system identifier of the source when the load began; NULL if the rows are none of a source';
COMMENT ON COLUMN datasurface.load.source_timeline IS 'timeline of the source then';
COMMENT ON COLUMN datasurface.load.source_lsn IS 'position in the WAL of the source then';
COMMENT ON COLUMN datasurface.load.error_sqlstate IS 'of the last attempt, if it failed: SQLSTATE';
COMMENT ON COLUMN datasurface.load.error_message IS 'of that: message';
COMMENT ON COLUMN datasurface.load.error_detail IS 'of that: detail';
COMMENT ON COLUMN datasurface.load.error_hint IS 'of that: hint';
COMMENT ON COLUMN datasurface.load.failed_at IS 'when it failed';
COMMENT ON COLUMN datasurface.load.published_at IS 'when the dataset was published; its chunks are forgotten then';
COMMENT ON COLUMN datasurface.load.chunks IS 'of a published dataset: chunks that were loaded';
COMMENT ON COLUMN datasurface.load.loaded IS 'of a published dataset: rows that they brought';
COMMENT ON COLUMN datasurface.load.skipped IS 'of a published dataset: rows that they left out, for another chunk had brought their keys';
SELECT pg_catalog.pg_extension_config_dump('datasurface.load', '');
COMMENT ON INDEX datasurface.load_pkey IS 'finds the load of a dataset';

CREATE TABLE datasurface.load_chunk (
    dataset_id integer NOT NULL,
    chunk integer NOT NULL,
    lower_bound text[],
    upper_bound text[],
    expected bigint,
    is_exact boolean NOT NULL DEFAULT false,
    loaded bigint,
    skipped bigint,
    received_bytes bigint,
    seconds double precision,
    finished_at timestamptz,
    PRIMARY KEY (dataset_id, chunk)
);
COMMENT ON TABLE datasurface.load_chunk IS 'chunks of first loads that are not closed yet';
COMMENT ON COLUMN datasurface.load_chunk.dataset_id IS 'the dataset';
COMMENT ON COLUMN datasurface.load_chunk.chunk IS 'number within the load; they are loaded in this order';
COMMENT ON COLUMN datasurface.load_chunk.lower_bound IS 'first value of the range: of the first columns of the key, or a ctid; NULL: from the smallest';
COMMENT ON COLUMN datasurface.load_chunk.upper_bound IS 'value that the range ends below; NULL: to the largest';
COMMENT ON COLUMN datasurface.load_chunk.expected IS 'rows that it should have, by statistics or a count; NULL: unknown';
COMMENT ON COLUMN datasurface.load_chunk.is_exact IS 'its rows were counted when it was cut, so it is not cut again';
COMMENT ON COLUMN datasurface.load_chunk.loaded IS 'rows that it brought';
COMMENT ON COLUMN datasurface.load_chunk.skipped IS 'rows that it left out, for another chunk had brought their keys';
COMMENT ON COLUMN datasurface.load_chunk.received_bytes IS 'bytes that came from another server';
COMMENT ON COLUMN datasurface.load_chunk.seconds IS 'time that it took, in seconds';
COMMENT ON COLUMN datasurface.load_chunk.finished_at IS 'when it was loaded; NULL: it was not';
SELECT pg_catalog.pg_extension_config_dump('datasurface.load_chunk', '');
COMMENT ON INDEX datasurface.load_chunk_pkey IS 'a chunk has its number once';
CREATE INDEX load_chunk_open_idx ON datasurface.load_chunk (dataset_id, chunk) WHERE finished_at IS NULL;
COMMENT ON INDEX datasurface.load_chunk_open_idx IS 'finds the chunks that are left';
REVOKE ALL ON datasurface.load, datasurface.load_chunk FROM PUBLIC;
-- new: ds_force_snapshot
-- new: ds_reset_load loads
