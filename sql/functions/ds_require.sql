CREATE FUNCTION datasurface.ds_require(stream text, run_id text DEFAULT NULL)
RETURNS integer
LANGUAGE C VOLATILE PARALLEL UNSAFE
AS 'MODULE_PATHNAME', 'ds_require';
COMMENT ON FUNCTION datasurface.ds_require(text, text) IS
'Returns the number of the batch that run_id belongs to, if it is committed; without run_id, of the stream''s newest batch. Raises the recorded error if the batch has failed, else SF017.';
REVOKE ALL ON FUNCTION datasurface.ds_require(text, text) FROM PUBLIC;
