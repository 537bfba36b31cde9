CREATE FUNCTION datasurface.ds_require(stream text, run_id text DEFAULT NULL)
RETURNS integer
LANGUAGE C VOLATILE PARALLEL UNSAFE
AS 'MODULE_PATHNAME', 'ds_require';
COMMENT ON FUNCTION datasurface.ds_require(text, text) IS
'Returns the number of the batch that run_id belongs to (without one: of the stream''s newest batch) when it is committed; raises the recorded error when it failed, SF017 otherwise.';
REVOKE ALL ON FUNCTION datasurface.ds_require(text, text) FROM PUBLIC;
