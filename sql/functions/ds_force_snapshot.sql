CREATE FUNCTION datasurface.ds_force_snapshot(stream text, dataset text)
RETURNS void
LANGUAGE C VOLATILE PARALLEL UNSAFE
AS 'MODULE_PATHNAME', 'ds_force_snapshot';
COMMENT ON FUNCTION datasurface.ds_force_snapshot(text, text) IS
'Lets the next pull of a dataset with a watermark read all its rows, and not only those beyond the mark: that finds rows that were deleted, and heals what differs. Only rows that differ get a version. Of a dataset without a watermark every pull is whole.';
REVOKE ALL ON FUNCTION datasurface.ds_force_snapshot(text, text) FROM PUBLIC;
