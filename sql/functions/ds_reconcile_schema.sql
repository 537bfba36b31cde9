CREATE FUNCTION datasurface.ds_reconcile_schema(
    store text DEFAULT NULL,
    OUT object text, OUT action text, OUT statement text, OUT error text, OUT detail text, OUT hint text)
RETURNS SETOF record
LANGUAGE C VOLATILE PARALLEL UNSAFE
AS 'MODULE_PATHNAME', 'ds_reconcile_schema';
COMMENT ON FUNCTION datasurface.ds_reconcile_schema(text) IS
'Makes schemas, tables, indexes, functions and views what the model wants, and returns each step it took; waits for no lock, and tries again for datasurface.ddl_lock_timeout. A dataset or view that fails is rolled back and returned with action failed, its error, detail and hint; the others are done. store limits it to one store.';
REVOKE ALL ON FUNCTION datasurface.ds_reconcile_schema(text) FROM PUBLIC;
