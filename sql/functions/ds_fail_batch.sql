CREATE FUNCTION datasurface.ds_fail_batch(stream text, batch integer, reason text)
RETURNS void
LANGUAGE C VOLATILE PARALLEL UNSAFE
AS 'MODULE_PATHNAME', 'ds_fail_batch';
COMMENT ON FUNCTION datasurface.ds_fail_batch(text, integer, text) IS
'Marks the open batch of a stream failed (SF018) with a reason, of which 8 kB are kept. A push keeps the state that a retry goes on from; a pull begins anew.';
REVOKE ALL ON FUNCTION datasurface.ds_fail_batch(text, integer, text) FROM PUBLIC;
