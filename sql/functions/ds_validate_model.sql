CREATE FUNCTION datasurface.ds_validate_model(
    model text, replace boolean DEFAULT true,
    OUT severity text, OUT pointer text, OUT code text, OUT message text, OUT hint text)
RETURNS SETOF record
LANGUAGE C VOLATILE PARALLEL UNSAFE
AS 'MODULE_PATHNAME', 'ds_validate_model';
COMMENT ON FUNCTION datasurface.ds_validate_model(text, boolean) IS
'Returns all problems of a model document: severity (error, warning), JSON pointer, code, message, hint. replace as for ds_load_model. Changes nothing.';
REVOKE ALL ON FUNCTION datasurface.ds_validate_model(text, boolean) FROM PUBLIC;
