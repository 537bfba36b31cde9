CREATE FUNCTION datasurface.ds_ingest(stream text, batch integer, rows bigint DEFAULT NULL)
RETURNS bigint
LANGUAGE C VOLATILE PARALLEL UNSAFE
AS 'MODULE_PATHNAME', 'ds_ingest';
COMMENT ON FUNCTION datasurface.ds_ingest(text, integer, bigint) IS
'Stages the rows of a batch, all datasets in one snapshot, and returns their number. For pushed rows it seals what was staged: rows must be their number, and an empty staging is sealed only by rows => 0. Rows that arrive later belong to the next batch.';
REVOKE ALL ON FUNCTION datasurface.ds_ingest(text, integer, bigint) FROM PUBLIC;
