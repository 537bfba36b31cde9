CREATE FUNCTION datasurface.ds_plan_schema(
    model text DEFAULT NULL, store text DEFAULT NULL, replace boolean DEFAULT true,
    OUT step integer, OUT object text, OUT action text, OUT statement text, OUT class text, OUT lock text, OUT relation text,
    OUT bytes bigint, OUT dependents text[], OUT reason text, OUT fingerprint text, OUT plan text)
RETURNS SETOF record
LANGUAGE C VOLATILE PARALLEL UNSAFE
AS 'MODULE_PATHNAME', 'ds_plan_schema';
COMMENT ON FUNCTION datasurface.ds_plan_schema(text, text, boolean) IS
'Returns each step that ds_reconcile_schema would take if everything were allowed, in order: its class (safe, rewrite, lossy, refused), the strongest lock and the relation that it is on, bytes that are rewritten or read, objects of others that stand in the way, the reason of its class, a fingerprint of what is planned for the object, and one of the whole plan. Changes nothing and keeps no lock. model: for a document that is not loaded; replace as for ds_load_model. store limits the plan to one store.';
REVOKE ALL ON FUNCTION datasurface.ds_plan_schema(text, text, boolean) FROM PUBLIC;
