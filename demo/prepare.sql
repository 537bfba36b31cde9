CREATE EXTENSION datasurface;

\echo '-- the model'
SELECT version, warnings FROM datasurface.ds_load_model(:'model');

\echo '-- what was made for it'
SELECT object, action FROM datasurface.ds_reconcile_schema();

-- A step that fails does not stop the others, so it is asked for: a second call has nothing to do but what failed.
SELECT count(*) > 0 AS undone, string_agg(concat_ws(': ', object, action, error), E'\n') AS steps
FROM datasurface.ds_reconcile_schema() \gset
\if :undone
    \echo :steps
    DO $$ BEGIN RAISE 'ds_reconcile_schema left something undone'; END $$;
\endif
