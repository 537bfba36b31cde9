CREATE FUNCTION datasurface.ds_preflight(
    OUT setting text, OUT value text, OUT wanted text, OUT reason text, OUT severity text)
RETURNS SETOF record
LANGUAGE C VOLATILE PARALLEL UNSAFE
AS 'MODULE_PATHNAME', 'ds_preflight';
COMMENT ON FUNCTION datasurface.ds_preflight() IS
'Returns the settings of the server that will not do for the loaded model, each with the value that it should have and the reason. error: something fails; warning: something becomes slow, or must be done in parts. No row: nothing is to be changed. Changes nothing.';
REVOKE ALL ON FUNCTION datasurface.ds_preflight() FROM PUBLIC;
GRANT EXECUTE ON FUNCTION datasurface.ds_preflight() TO pg_monitor;
