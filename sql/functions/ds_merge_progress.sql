CREATE FUNCTION datasurface.ds_merge_progress(
    OUT pid integer, OUT datid oid, OUT relid oid, OUT batch integer, OUT phase text,
    OUT blocks_total bigint, OUT blocks_done bigint, OUT rows_total bigint, OUT rows_done bigint,
    OUT changes_total bigint, OUT changes_done bigint, OUT spilled_bytes bigint, OUT workers integer)
RETURNS SETOF record
LANGUAGE C STABLE PARALLEL RESTRICTED
AS 'MODULE_PATHNAME', 'ds_merge_progress';
COMMENT ON FUNCTION datasurface.ds_merge_progress() IS
'Returns the running merges of the native engine on this server, one row per backend; the view merge_progress reads it. For sessions of roles that the caller is not a member of, all columns but pid and datid are NULL.';
REVOKE ALL ON FUNCTION datasurface.ds_merge_progress() FROM PUBLIC;
GRANT EXECUTE ON FUNCTION datasurface.ds_merge_progress() TO pg_monitor;
