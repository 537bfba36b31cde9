CREATE FUNCTION datasurface.ds_row_digest("row" record, seed bigint, is_old boolean, high boolean)
RETURNS bigint
LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE
AS 'MODULE_PATHNAME', 'ds_row_digest';
COMMENT ON FUNCTION datasurface.ds_row_digest(record, bigint, boolean, boolean) IS
'Returns one half of the digest of a row''s values, keyed by the seed. The same values give the same digest in any session, after a restart and after a restore. The sql engine sums these up over the changes of a held batch.';
