-- Apart from ds_merge_progress, whose result an update cannot change without taking the grants on it away.
CREATE FUNCTION datasurface.ds_received(OUT pid integer, OUT received_rows bigint, OUT received_bytes bigint)
RETURNS SETOF record
LANGUAGE C STABLE PARALLEL RESTRICTED
AS 'MODULE_PATHNAME', 'ds_received';
COMMENT ON FUNCTION datasurface.ds_received() IS
'Returns how much the running pulls on this server have received, one row per backend, of sessions of roles that the caller is a member of; the view merge_progress reads it.';
