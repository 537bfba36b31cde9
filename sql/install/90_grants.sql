-- The catalogs are read through the views; whoever dumps the database reads them too, as their owner.
REVOKE ALL ON ALL TABLES IN SCHEMA datasurface FROM PUBLIC;
