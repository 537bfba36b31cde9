CREATE FUNCTION datasurface.ds_reset_load(stream text, dataset text)
RETURNS void
LANGUAGE C VOLATILE PARALLEL UNSAFE
AS 'MODULE_PATHNAME', 'ds_reset_load';
COMMENT ON FUNCTION datasurface.ds_reset_load(text, text) IS
'Lets the first load of a dataset begin anew: the next call that loads removes the rows that are there. Only of a dataset that is not published yet; it shows nothing all the while.';
REVOKE ALL ON FUNCTION datasurface.ds_reset_load(text, text) FROM PUBLIC;
