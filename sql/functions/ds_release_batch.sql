CREATE FUNCTION datasurface.ds_release_batch(stream text, batch integer, reason text)
RETURNS text
LANGUAGE C VOLATILE PARALLEL UNSAFE
AS 'MODULE_PATHNAME', 'ds_release_batch';
COMMENT ON FUNCTION datasurface.ds_release_batch(text, integer, text) IS
'Publishes a held batch, if its changes are still those that were held, and returns DONE. If they are others, nothing is published: the batch is held anew with these, and the function returns HELD. Records the role, the time and the reason.';
REVOKE ALL ON FUNCTION datasurface.ds_release_batch(text, integer, text) FROM PUBLIC;
