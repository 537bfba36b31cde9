CREATE FUNCTION datasurface.ds_start_batch(stream text, run_id text DEFAULT NULL)
RETURNS integer
LANGUAGE C VOLATILE PARALLEL UNSAFE
AS 'MODULE_PATHNAME', 'ds_start_batch';
COMMENT ON FUNCTION datasurface.ds_start_batch(text, text) IS
'Starts a batch of a stream and returns its number. A run_id that already has a batch returns that one; any other call while a batch is open raises SF013.';
REVOKE ALL ON FUNCTION datasurface.ds_start_batch(text, text) FROM PUBLIC;
