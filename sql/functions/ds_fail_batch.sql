CREATE FUNCTION datasurface.ds_fail_batch(stream text, batch integer, reason text)
RETURNS void
LANGUAGE C VOLATILE PARALLEL UNSAFE
AS 'MODULE_PATHNAME', 'ds_fail_batch';
COMMENT ON FUNCTION datasurface.ds_fail_batch(text, integer, text) IS
'Marks the open batch of a stream failed (SF018), with a reason of up to 8 kB. A retry of a push goes on from the state that the batch had; a pull begins anew.';
REVOKE ALL ON FUNCTION datasurface.ds_fail_batch(text, integer, text) FROM PUBLIC;
