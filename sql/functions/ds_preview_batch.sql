CREATE FUNCTION datasurface.ds_preview_batch(
    stream text, batch integer, rows integer DEFAULT 20,
    OUT dataset text, OUT change text, OUT total bigint, OUT sample integer, OUT key text,
    OUT column_name text, OUT old_value text, OUT new_value text)
RETURNS SETOF record
LANGUAGE C VOLATILE PARALLEL UNSAFE
AS 'MODULE_PATHNAME', 'ds_preview_batch';
COMMENT ON FUNCTION datasurface.ds_preview_batch(text, integer, integer) IS
'Returns what the staged rows of a batch would change: for each dataset and kind of change one row with the total, and then the first rows by key, numbered by sample, one row per column with its old and new value. Shows rows only to callers who may read the merge table or whom the store names in release.';
REVOKE ALL ON FUNCTION datasurface.ds_preview_batch(text, integer, integer) FROM PUBLIC;
