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
COMMENT ON COLUMN datasurface.stream.checked_at IS 'when it last committed a batch, or a run found nothing changed; the next such time is later. NULL before the first';
COMMENT ON COLUMN datasurface.stream.generation IS 'rises by one with each change of the stream, its batches or its definition; a call finds by it that something within the call has changed them';
COMMENT ON COLUMN datasurface.stream.checks_without_batch IS 'runs without a run id that found nothing changed, and so have no batch';
