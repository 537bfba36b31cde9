CREATE FUNCTION datasurface.ds_ingest(stream text, batch integer, rows bigint DEFAULT NULL)
RETURNS bigint
LANGUAGE C VOLATILE PARALLEL UNSAFE
AS 'MODULE_PATHNAME', 'ds_ingest';
COMMENT ON FUNCTION datasurface.ds_ingest(text, integer, bigint) IS
'Stages the rows of a pull, all datasets by one snapshot, or seals the staged rows of a push. Returns their number. An error (SF015) if rows is given and is another number, or if an empty push is sealed without rows => 0. Rows that arrive later belong to the next batch.';
REVOKE ALL ON FUNCTION datasurface.ds_ingest(text, integer, bigint) FROM PUBLIC;
