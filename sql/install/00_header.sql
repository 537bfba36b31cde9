-- SET LOCAL, so that nothing of this lasts in the session that installs the extension, and no name below can be captured.
SET LOCAL search_path = pg_catalog, pg_temp;

-- Made here and not by the control file: an existing schema of that name, somebody else's, must make this fail.
CREATE SCHEMA datasurface;
COMMENT ON SCHEMA datasurface IS 'data platform: model, batches, the functions that run them, and the views to watch them';
GRANT USAGE ON SCHEMA datasurface TO PUBLIC;
