CREATE PROCEDURE datasurface.ds_reconcile(store text DEFAULT NULL, chunk integer DEFAULT 100, allow text[] DEFAULT NULL)
LANGUAGE C
AS 'MODULE_PATHNAME', 'ds_reconcile';
COMMENT ON PROCEDURE datasurface.ds_reconcile(text, integer, text[]) IS
'Does what ds_reconcile_schema does, and commits after so many datasets or sinks (chunk), so a model may be of any size. Goes on with steps that need a transaction of their own. May be stopped and called again at any time. If something failed, raises an error once everything else is done; steps that allow does not name are a warning. Needs autocommit.';
REVOKE ALL ON PROCEDURE datasurface.ds_reconcile(text, integer, text[]) FROM PUBLIC;
