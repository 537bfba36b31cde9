-- A stream is what a batch runs on: a store (consistency multi) or store#dataset (single).
-- docs/concepts.md shows the states of a batch.

CREATE TABLE datasurface.stream (
    stream_id integer GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    name text NOT NULL UNIQUE,
    store_id integer NOT NULL,
    dataset_id integer,
    last_batch integer NOT NULL DEFAULT 0,
    checked_at timestamptz,
    in_model boolean NOT NULL,
    generation bigint NOT NULL DEFAULT 0,
    checks_without_batch bigint NOT NULL DEFAULT 0,
    source_system text,
    source_timeline integer,
    source_lsn pg_catalog.pg_lsn,
    pulls_to_stage integer NOT NULL DEFAULT 0
);
COMMENT ON TABLE datasurface.stream IS 'streams: a batch runs on a store or on one dataset of it. The row is locked by each call that works on the stream';
COMMENT ON COLUMN datasurface.stream.stream_id IS 'identifies the stream; never reused';
COMMENT ON COLUMN datasurface.stream.name IS 'store, or store#dataset';
COMMENT ON COLUMN datasurface.stream.store_id IS 'its store';
COMMENT ON COLUMN datasurface.stream.dataset_id IS 'its dataset; NULL if the stream has all datasets of the store';
COMMENT ON COLUMN datasurface.stream.last_batch IS 'largest batch number used; the next is one more';
COMMENT ON COLUMN datasurface.stream.checked_at IS 'time of the newest commit of a batch, or of the newest run that found nothing changed; rises strictly. NULL before the first';
COMMENT ON COLUMN datasurface.stream.in_model IS 'false when the current model no longer has it';
COMMENT ON COLUMN datasurface.stream.generation IS 'rises by one with each change of the stream, its batches or its definition. A call compares it before it writes, to find changes by code that ran within the call';
COMMENT ON COLUMN datasurface.stream.checks_without_batch IS 'number of runs without a run id that found nothing changed, and recorded no batch';
COMMENT ON COLUMN datasurface.stream.source_system IS 'system identifier of the source at checked_at; NULL if the rows were none of a source';
COMMENT ON COLUMN datasurface.stream.source_timeline IS 'its timeline then';
COMMENT ON COLUMN datasurface.stream.source_lsn IS 'its position in the WAL then';
COMMENT ON COLUMN datasurface.stream.pulls_to_stage IS 'so many of its next pulls stage all their rows, because an earlier pull could not compare its rows as they arrived';
CREATE INDEX stream_store_id_idx ON datasurface.stream (store_id);
SELECT pg_catalog.pg_extension_config_dump('datasurface.stream', '');
SELECT pg_catalog.pg_extension_config_dump('datasurface.stream_stream_id_seq', '');

CREATE TABLE datasurface.batch (
    stream_id integer NOT NULL,
    batch_id integer NOT NULL,
    state text NOT NULL CHECK (state IN ('started', 'ingested', 'held', 'failed', 'committed', 'discarded')),
    resume_state text CHECK (resume_state IN ('started', 'ingested')),
    staged_by text,
    started_at timestamptz NOT NULL,
    ingested_at timestamptz,
    finished_at timestamptz,
    changed boolean,
    error_step text,
    error_sqlstate text,
    error_message text,
    error_detail text,
    error_hint text,
    held_at timestamptz,
    source_system text,
    source_timeline integer,
    source_lsn pg_catalog.pg_lsn,
    received_bytes bigint,
    PRIMARY KEY (stream_id, batch_id),
    CHECK ((state = 'failed') = (resume_state IS NOT NULL)),
    CHECK ((state = 'committed') = (changed IS NOT NULL)),
    CHECK (staged_by IS NULL OR state IN ('ingested', 'held')),
    CHECK ((state = 'held') = (held_at IS NOT NULL))
);
COMMENT ON TABLE datasurface.batch IS 'batches: the numbered runs of a stream';
COMMENT ON COLUMN datasurface.batch.stream_id IS 'its stream';
COMMENT ON COLUMN datasurface.batch.batch_id IS 'number of the batch, rises within the stream; ds_surf_batch_in and ds_surf_batch_out contain it';
COMMENT ON COLUMN datasurface.batch.state IS 'started, ingested, held, failed, committed or discarded';
COMMENT ON COLUMN datasurface.batch.resume_state IS 'of a failed batch: the state that a retry goes on from';
COMMENT ON COLUMN datasurface.batch.staged_by IS 'run id of the ds_run that staged its rows: only that run may publish them without a new pull. NULL if nothing is staged, or if ds_ingest or a call without a run id has staged it';
COMMENT ON COLUMN datasurface.batch.started_at IS 'when it began, or last began anew';
COMMENT ON COLUMN datasurface.batch.ingested_at IS 'when its rows were staged';
COMMENT ON COLUMN datasurface.batch.finished_at IS 'when it was committed, failed or discarded; of committed batches it rises strictly within the stream';
COMMENT ON COLUMN datasurface.batch.changed IS 'of a committed batch: true if it inserted, updated or deleted a row of any dataset';
COMMENT ON COLUMN datasurface.batch.error_step IS 'of a failed batch: ingest, merge, checks or references, with the dataset if it is known, or operator';
COMMENT ON COLUMN datasurface.batch.error_sqlstate IS 'of a failed batch: SQLSTATE';
COMMENT ON COLUMN datasurface.batch.error_message IS 'of a failed batch: message';
COMMENT ON COLUMN datasurface.batch.error_detail IS 'of a failed batch: detail, such as the failing key';
COMMENT ON COLUMN datasurface.batch.error_hint IS 'of a failed batch: hint';
COMMENT ON COLUMN datasurface.batch.held_at IS 'of a held batch: since when. A run that finds the same changes again leaves it as it is';
COMMENT ON COLUMN datasurface.batch.source_system IS 'system identifier of the source whose snapshot the rows are of; NULL if they are none of a source';
COMMENT ON COLUMN datasurface.batch.source_timeline IS 'timeline of that snapshot';
COMMENT ON COLUMN datasurface.batch.source_lsn IS 'position in the WAL of that snapshot, or a little later';
COMMENT ON COLUMN datasurface.batch.received_bytes IS 'bytes that came from the source';
-- guarantees one open batch per stream between transactions
CREATE UNIQUE INDEX batch_open_idx ON datasurface.batch (stream_id) WHERE state NOT IN ('committed', 'discarded');
-- ds_batch_at finds its answer by one index entry, however many unchanged batches follow
CREATE INDEX batch_changed_idx ON datasurface.batch (stream_id, finished_at) WHERE changed;
-- the purge finds the oldest batches that published nothing in the same way
CREATE INDEX batch_unchanged_idx ON datasurface.batch (stream_id, finished_at)
    WHERE NOT changed OR state = 'discarded';
SELECT pg_catalog.pg_extension_config_dump('datasurface.batch', '');

CREATE TABLE datasurface.batch_dataset (
    stream_id integer NOT NULL,
    batch_id integer NOT NULL,
    dataset_id integer NOT NULL,
    definition_digest text NOT NULL,
    staged bigint,
    last_arrival bigint,
    inserted bigint,
    updated bigint,
    deleted bigint,
    unchanged bigint,
    surplus bigint,
    ingest_time interval,
    merge_time interval,
    engine text,
    engine_reason text,
    workers integer,
    changes_digest text,
    way text CHECK (way IN ('staged', 'straight')),
    way_reason text,
    received_bytes bigint,
    mode text NOT NULL DEFAULT 'snapshot' CHECK (mode IN ('snapshot', 'window')),
    mark bigint,
    mark_held_by text,
    why_whole text,
    looked_up boolean,
    PRIMARY KEY (stream_id, batch_id, dataset_id)
);
COMMENT ON TABLE datasurface.batch_dataset IS 'what a batch did to each of its datasets';
COMMENT ON COLUMN datasurface.batch_dataset.stream_id IS 'stream of the batch';
COMMENT ON COLUMN datasurface.batch_dataset.batch_id IS 'the batch';
COMMENT ON COLUMN datasurface.batch_dataset.dataset_id IS 'the dataset';
COMMENT ON COLUMN datasurface.batch_dataset.definition_digest IS 'definition of the dataset that the batch works by';
COMMENT ON COLUMN datasurface.batch_dataset.staged IS 'rows staged or received, as the ingest counted them';
COMMENT ON COLUMN datasurface.batch_dataset.last_arrival IS 'largest ds_surf_arrival that belongs to the batch; later rows belong to the next one';
COMMENT ON COLUMN datasurface.batch_dataset.inserted IS 'keys that were not there before';
COMMENT ON COLUMN datasurface.batch_dataset.updated IS 'keys whose values changed';
COMMENT ON COLUMN datasurface.batch_dataset.deleted IS 'keys that are no longer there';
COMMENT ON COLUMN datasurface.batch_dataset.unchanged IS 'keys whose row was not written';
COMMENT ON COLUMN datasurface.batch_dataset.surplus IS 'staged rows that another row of the same key replaced (duplicate_keys last)';
COMMENT ON COLUMN datasurface.batch_dataset.ingest_time IS 'time that staging took; NULL of rows that were compared as they arrived';
COMMENT ON COLUMN datasurface.batch_dataset.merge_time IS 'time that the merge took';
COMMENT ON COLUMN datasurface.batch_dataset.engine IS 'engine that merged it: native or sql';
COMMENT ON COLUMN datasurface.batch_dataset.engine_reason IS 'why sql and not native, or why fewer parallel workers than datasurface.merge_workers; may be NULL';
COMMENT ON COLUMN datasurface.batch_dataset.workers IS 'parallel workers that took part in the comparison';
COMMENT ON COLUMN datasurface.batch_dataset.changes_digest IS 'of a held batch: digest of the changes, old and new values, in any order';
COMMENT ON COLUMN datasurface.batch_dataset.way IS 'staged: all rows were written to the staging table first; straight: they were compared as they arrived. NULL before that, and of batches of versions before 0.2';
COMMENT ON COLUMN datasurface.batch_dataset.way_reason IS 'of a pull by ds_run: why its rows were staged, and not compared as they arrived. NULL of pushes, of ds_ingest, and where the batch is compared with one that was held or begins anew';
COMMENT ON COLUMN datasurface.batch_dataset.received_bytes IS 'bytes of its rows that came from the source; NULL of rows of this database';
COMMENT ON COLUMN datasurface.batch_dataset.mode IS 'snapshot: a row whose key is not staged has vanished; window: it stays, and a staged row may be a delete';
COMMENT ON COLUMN datasurface.batch_dataset.mark IS 'of a pull with a watermark: the mark that it leaves, as in watermark.mark; NULL: the next pull is whole';
COMMENT ON COLUMN datasurface.batch_dataset.mark_held_by IS 'why that mark is not what the clock of the source says; NULL if it is';
COMMENT ON COLUMN datasurface.batch_dataset.why_whole IS 'of a pull with a watermark: why it took all rows; NULL of a window';
COMMENT ON COLUMN datasurface.batch_dataset.looked_up IS 'of a window that the native engine merged: true if it looked the keys up in the index of the merge table, false if it read that table';
SELECT pg_catalog.pg_extension_config_dump('datasurface.batch_dataset', '');

CREATE TABLE datasurface.batch_run (
    stream_id integer NOT NULL,
    run_id text NOT NULL,
    batch_id integer NOT NULL,
    recorded_at timestamptz NOT NULL DEFAULT pg_catalog.now(),
    PRIMARY KEY (stream_id, run_id)
);
COMMENT ON TABLE datasurface.batch_run IS 'run ids of callers. Each belongs to one batch of its stream, so a call can be repeated safely. A run id may outlive the row of its batch, which is then committed';
COMMENT ON COLUMN datasurface.batch_run.stream_id IS 'stream of the batch';
COMMENT ON COLUMN datasurface.batch_run.run_id IS 'the caller''s name for the run, such as Airflow''s run_id';
COMMENT ON COLUMN datasurface.batch_run.batch_id IS 'the batch';
COMMENT ON COLUMN datasurface.batch_run.recorded_at IS 'start of the transaction of the first call with the id';
CREATE INDEX batch_run_batch_id_idx ON datasurface.batch_run (stream_id, batch_id);
CREATE INDEX batch_run_recorded_at_idx ON datasurface.batch_run (stream_id, recorded_at);
SELECT pg_catalog.pg_extension_config_dump('datasurface.batch_run', '');

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

COMMENT ON SEQUENCE datasurface.stream_stream_id_seq IS 'numbers streams';
COMMENT ON INDEX datasurface.stream_pkey IS 'finds a stream by its number';
COMMENT ON INDEX datasurface.stream_name_key IS 'finds a stream by its name';
COMMENT ON INDEX datasurface.stream_store_id_idx IS 'finds the streams of a store';
COMMENT ON INDEX datasurface.batch_pkey IS 'finds a batch, and the newest of a stream';
COMMENT ON INDEX datasurface.batch_open_idx IS 'one open batch per stream';
COMMENT ON INDEX datasurface.batch_changed_idx IS 'finds the last batch at a time that changed something';
COMMENT ON INDEX datasurface.batch_unchanged_idx IS 'finds the oldest batches that changed nothing or were discarded';
COMMENT ON INDEX datasurface.batch_dataset_pkey IS 'finds what a batch did to its datasets';
COMMENT ON INDEX datasurface.batch_finding_pkey IS 'finds what stopped a batch';
COMMENT ON INDEX datasurface.batch_decision_pkey IS 'finds what was decided of a batch';
COMMENT ON INDEX datasurface.batch_run_pkey IS 'a run id belongs to one batch of its stream';
COMMENT ON INDEX datasurface.batch_run_batch_id_idx IS 'finds the run ids of a batch';
COMMENT ON INDEX datasurface.batch_run_recorded_at_idx IS 'finds the oldest run ids of a stream';
