CREATE FUNCTION datasurface.ds_reconcile_schema(
    store text DEFAULT NULL, allow text[] DEFAULT NULL, plan text DEFAULT NULL,
    OUT object text, OUT action text, OUT statement text, OUT error text, OUT detail text, OUT hint text)
RETURNS SETOF record
LANGUAGE C VOLATILE PARALLEL UNSAFE
AS 'MODULE_PATHNAME', 'ds_reconcile_schema';
COMMENT ON FUNCTION datasurface.ds_reconcile_schema(text, text[], text) IS
'Creates and changes schemas, tables, indexes, functions and views until they match the model. Returns each step that it took. It does not wait for locks, but tries them again for datasurface.ddl_lock_timeout. A dataset or view that fails is rolled back and returned with action failed, error, detail and hint; the others are done. Steps that rewrite a table or lose something are taken only if allow names their class, rewrite or lossy; otherwise they are returned with action waiting. store limits the call to one store. plan: the plan that ds_plan_schema showed; the call fails with SF004 if there is another one now, and takes no step that it did not show.';
REVOKE ALL ON FUNCTION datasurface.ds_reconcile_schema(text, text[], text) FROM PUBLIC;
