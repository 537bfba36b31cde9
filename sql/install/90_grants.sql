-- People read the views, not the catalogs. pg_dump reads the catalogs as their owner.
REVOKE ALL ON ALL TABLES IN SCHEMA datasurface FROM PUBLIC;
