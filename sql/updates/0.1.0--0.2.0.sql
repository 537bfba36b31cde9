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
    ADD COLUMN checks_without_batch bigint NOT NULL DEFAULT 0;
COMMENT ON COLUMN datasurface.stream.checked_at IS 'time of the newest commit of a batch, or of the newest run that found nothing changed; rises strictly. NULL before the first';
COMMENT ON COLUMN datasurface.stream.generation IS 'rises by one with each change of the stream, its batches or its definition. A call compares it before it writes, to find changes by code that ran within the call';
COMMENT ON COLUMN datasurface.stream.checks_without_batch IS 'number of runs without a run id that found nothing changed, and recorded no batch';

-- comments in plainer words
COMMENT ON COLUMN datasurface.store.store_id IS 'identifies the store; never reused';
COMMENT ON COLUMN datasurface.dataset.dataset_id IS 'identifies the dataset; never reused';
COMMENT ON COLUMN datasurface.workspace.workspace_id IS 'identifies the workspace; never reused';
COMMENT ON COLUMN datasurface.store.description IS 'description in the model';
COMMENT ON COLUMN datasurface.store.access IS 'operators and consumers in the model';
COMMENT ON COLUMN datasurface.dataset.definition IS 'definition in the model, with defaults written out';
COMMENT ON COLUMN datasurface.workspace.definition IS 'definition in the model, with defaults written out';
COMMENT ON INDEX datasurface.relation_pkey IS 'a name belongs to one relation of a kind';
COMMENT ON COLUMN datasurface.stream.stream_id IS 'identifies the stream; never reused';
COMMENT ON TABLE datasurface.stream IS 'streams: a batch runs on a store or on one dataset of it. The row is locked by each call that works on the stream';
COMMENT ON COLUMN datasurface.stream.dataset_id IS 'its dataset; NULL if the stream has all datasets of the store';
COMMENT ON COLUMN datasurface.batch.batch_id IS 'number of the batch, rises within the stream; ds_surf_batch_in and ds_surf_batch_out contain it';
COMMENT ON COLUMN datasurface.batch.staged_by IS 'run id of the ds_run that staged its rows: only that run may publish them without a new pull. NULL if nothing is staged, or if ds_ingest or a call without a run id has staged it';
COMMENT ON COLUMN datasurface.batch.started_at IS 'when it began, or last began anew';
COMMENT ON COLUMN datasurface.batch.error_step IS 'of a failed batch: ingest or merge, with the dataset if it is known, or operator';
COMMENT ON COLUMN datasurface.batch.changed IS 'of a committed batch: true if it inserted, updated or deleted a row of any dataset';
COMMENT ON TABLE datasurface.batch_run IS 'run ids of callers. Each belongs to one batch of its stream, so a call can be repeated safely. A run id may outlive the row of its batch, which is then committed';
COMMENT ON COLUMN datasurface.batch_run.recorded_at IS 'start of the transaction of the first call with the id';
