CREATE FUNCTION datasurface.ds_merge_staging(
    stream text, batch integer,
    OUT dataset text, OUT inserted bigint, OUT updated bigint, OUT deleted bigint, OUT unchanged bigint)
RETURNS SETOF record
LANGUAGE C VOLATILE PARALLEL UNSAFE
AS 'MODULE_PATHNAME', 'ds_merge_staging';
COMMENT ON FUNCTION datasurface.ds_merge_staging(text, integer) IS
'Merges what is staged in a batch, by whomever, into its merge and history tables, commits the batch, and returns exact counts, one row per dataset.';
REVOKE ALL ON FUNCTION datasurface.ds_merge_staging(text, integer) FROM PUBLIC;
