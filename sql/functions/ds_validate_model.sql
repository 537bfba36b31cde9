CREATE FUNCTION datasurface.ds_validate_model(
    model text,
    OUT severity text, OUT pointer text, OUT code text, OUT message text, OUT hint text)
RETURNS SETOF record
LANGUAGE C STRICT VOLATILE PARALLEL UNSAFE
AS 'MODULE_PATHNAME', 'ds_validate_model';
COMMENT ON FUNCTION datasurface.ds_validate_model(text) IS
'All problems of a model document at once: severity (error, warning), JSON pointer, code, message, hint. Changes nothing.';
REVOKE ALL ON FUNCTION datasurface.ds_validate_model(text) FROM PUBLIC;
