CREATE FUNCTION datasurface.ds_load_model(
    model text, replace boolean DEFAULT true,
    OUT version integer, OUT warnings text[])
LANGUAGE C VOLATILE PARALLEL UNSAFE
AS 'MODULE_PATHNAME', 'ds_load_model';
COMMENT ON FUNCTION datasurface.ds_load_model(text, boolean) IS
'Loads a model document and returns its version and the warnings. If the document has errors, raises SF001 with one line for each, and changes nothing. replace => false keeps the stores and workspaces that the document does not name.';
REVOKE ALL ON FUNCTION datasurface.ds_load_model(text, boolean) FROM PUBLIC;
