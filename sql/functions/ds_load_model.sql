CREATE FUNCTION datasurface.ds_load_model(
    model text, replace boolean DEFAULT true,
    OUT version integer, OUT warnings text[])
LANGUAGE C VOLATILE PARALLEL UNSAFE
AS 'MODULE_PATHNAME', 'ds_load_model';
COMMENT ON FUNCTION datasurface.ds_load_model(text, boolean) IS
'Loads a model document and returns its version and the warnings; raises SF001 with one line per error and changes nothing when there is one. replace => false leaves alone the stores and workspaces that the document does not name.';
REVOKE ALL ON FUNCTION datasurface.ds_load_model(text, boolean) FROM PUBLIC;
