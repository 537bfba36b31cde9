CREATE EXTENSION datasurface;

\echo '-- the model'
SELECT version, warnings FROM datasurface.ds_load_model(:'model');

\echo '-- what was made for it'
SELECT object, action FROM datasurface.ds_reconcile_schema();

SELECT count(*) AS failed FROM datasurface.ds_reconcile_schema() WHERE action = 'failed' \gset
\if :failed
    DO $$ BEGIN RAISE 'ds_reconcile_schema failed'; END $$;
\endif
