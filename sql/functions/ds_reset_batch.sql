CREATE FUNCTION datasurface.ds_reset_batch(stream text, batch integer, if_committed text DEFAULT 'error')
RETURNS text
LANGUAGE C VOLATILE PARALLEL UNSAFE
AS 'MODULE_PATHNAME', 'ds_reset_batch';
COMMENT ON FUNCTION datasurface.ds_reset_batch(text, integer, text) IS
'Sets the open batch of a stream back to started and removes its staged rows. The batch then works by the current model. Returns the state. A committed batch is an error, unless if_committed is ''ignore''.';
REVOKE ALL ON FUNCTION datasurface.ds_reset_batch(text, integer, text) FROM PUBLIC;
