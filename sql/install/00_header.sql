-- No name below can be captured. SET LOCAL leaves the session that installs the extension as it was.
SET LOCAL search_path = pg_catalog, pg_temp;

-- Created here and not by the control file, so that CREATE EXTENSION fails if somebody else's schema has this name.
CREATE SCHEMA datasurface;
COMMENT ON SCHEMA datasurface IS 'data platform: model, batches, the functions that run them, and the views to watch them';
GRANT USAGE ON SCHEMA datasurface TO PUBLIC;
