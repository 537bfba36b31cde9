CREATE FUNCTION datasurface.ds_reconcile_schema(
    store text DEFAULT NULL, allow text[] DEFAULT NULL,
    OUT object text, OUT action text, OUT statement text, OUT error text, OUT detail text, OUT hint text)
RETURNS SETOF record
LANGUAGE C VOLATILE PARALLEL UNSAFE
AS 'MODULE_PATHNAME', 'ds_reconcile_schema';
COMMENT ON FUNCTION datasurface.ds_reconcile_schema(text, text[]) IS
'Creates and changes schemas, tables, indexes, functions and views until they match the model. Returns each step that it took. It does not wait for locks, but tries them again for datasurface.ddl_lock_timeout. A dataset or view that fails is rolled back and returned with action failed, error, detail and hint; the others are done. Steps that rewrite a table or lose something are taken only if allow names their class, rewrite or lossy; otherwise they are returned with action waiting. store limits the call to one store.';
REVOKE ALL ON FUNCTION datasurface.ds_reconcile_schema(text, text[]) FROM PUBLIC;
