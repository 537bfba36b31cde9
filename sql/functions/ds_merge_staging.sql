CREATE FUNCTION datasurface.ds_merge_staging(
    stream text, batch integer,
    OUT dataset text, OUT inserted bigint, OUT updated bigint, OUT deleted bigint, OUT unchanged bigint)
RETURNS SETOF record
LANGUAGE C VOLATILE PARALLEL UNSAFE
AS 'MODULE_PATHNAME', 'ds_merge_staging';
COMMENT ON FUNCTION datasurface.ds_merge_staging(text, integer) IS
'Merges the staged rows of a batch, whoever staged them, into the merge and history tables, and commits the batch. Returns exact counts, one row per dataset.';
REVOKE ALL ON FUNCTION datasurface.ds_merge_staging(text, integer) FROM PUBLIC;
