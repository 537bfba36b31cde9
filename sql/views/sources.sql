CREATE VIEW datasurface.sources AS
SELECT s.name AS source, s.owner, s.definition ->> 'kind' AS kind, s.definition ->> 'host' AS host,
       (s.definition ->> 'port')::integer AS port, s.definition ->> 'database' AS database,
       s.definition ->> 'credential' AS credential, (s.definition ->> 'connections')::integer AS connections,
       CASE WHEN s.definition ->> 'connections' IS NOT NULL THEN u.in_use END AS connections_in_use,
       t.stores
FROM datasurface.source s
-- Who uses a connection has locked its row: xmax is the number of a transaction that is in progress, or of a part of one. It has no
-- epoch, which is that of the current transactions.
CROSS JOIN LATERAL (
    SELECT pg_catalog.count(*)::integer AS in_use
    FROM datasurface.source_connection c
    CROSS JOIN LATERAL (SELECT c.xmax::text::bigint AS locker,
        pg_catalog.pg_snapshot_xmax(pg_catalog.pg_current_snapshot())::text::bigint AS next) x
    CROSS JOIN LATERAL (SELECT x.next + ((x.locker - x.next + 2147483648) & 4294967295) - 2147483648 AS number) n
    WHERE c.source_id = s.source_id AND x.locker > 0 AND n.number > 0
      AND pg_catalog.pg_xact_status(n.number::text::pg_catalog.xid8) = 'in progress') u
CROSS JOIN LATERAL (
    SELECT coalesce(pg_catalog.array_agg(o.name ORDER BY o.name), '{}') AS stores
    FROM datasurface.store o WHERE o.source = s.name AND o.in_model) t
WHERE s.in_model;
COMMENT ON VIEW datasurface.sources IS 'sources of the model: the servers that stores are pulled from. Nothing here is secret';
COMMENT ON COLUMN datasurface.sources.source IS 'name in the model';
COMMENT ON COLUMN datasurface.sources.owner IS 'role whose members may change it';
COMMENT ON COLUMN datasurface.sources.kind IS 'postgresql';
COMMENT ON COLUMN datasurface.sources.host IS 'host';
COMMENT ON COLUMN datasurface.sources.port IS 'port';
COMMENT ON COLUMN datasurface.sources.database IS 'database there';
COMMENT ON COLUMN datasurface.sources.credential IS 'name of the credential in the model, which says where user and password are kept';
COMMENT ON COLUMN datasurface.sources.connections IS 'connections that all sessions together may use at the same time; NULL: any number';
COMMENT ON COLUMN datasurface.sources.connections_in_use IS 'of these, in use by batches now; idle ones are not counted. NULL if any number may be used';
COMMENT ON COLUMN datasurface.sources.stores IS 'stores that are pulled from it';
GRANT SELECT ON datasurface.sources TO pg_monitor;
