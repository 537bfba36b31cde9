CREATE FUNCTION datasurface.ds_discard_batch(stream text, batch integer, reason text)
RETURNS void
LANGUAGE C VOLATILE PARALLEL UNSAFE
AS 'MODULE_PATHNAME', 'ds_discard_batch';
COMMENT ON FUNCTION datasurface.ds_discard_batch(text, integer, text) IS
'Discards a held batch: its staged rows are removed, and it is never published. Rows that were pushed after it was sealed stay. Records the role, the time and the reason.';
REVOKE ALL ON FUNCTION datasurface.ds_discard_batch(text, integer, text) FROM PUBLIC;
