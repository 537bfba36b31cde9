CREATE VIEW datasurface.loads AS
SELECT CASE s.consistency WHEN 'multi' THEN s.name ELSE s.name || '#' || d.name END AS stream, d.name AS dataset,
       CASE WHEN NOT d.unpublished THEN 'published' WHEN l.begun_at IS NULL THEN 'waiting' WHEN c.left > 0 THEN 'loading' ELSE 'loaded' END AS state,
       l.cut_by, coalesce(l.chunks, c.done) AS chunks_done, coalesce(l.chunks, c.done + c.left) AS chunks,
       w.sessions,
       coalesce(l.loaded, c.loaded) AS loaded, coalesce(l.skipped, c.skipped) AS skipped,
       CASE WHEN d.unpublished THEN c.received_bytes END AS received_bytes,
       CASE WHEN d.unpublished THEN c.rate END AS rows_per_second,
       l.begun_at,
       CASE WHEN d.unpublished AND c.left > 0 THEN pg_catalog.now()
           + (pg_catalog.now() - l.begun_at) * (c.left::double precision / nullif(c.done, 0)) END AS expected_end,
       c.finished_at AS last_chunk_at, w.oldest AS oldest_transaction,
       CASE WHEN d.published_from > 0 THEN d.published_from END AS published_by, l.published_at,
       l.failed_at, l.error_sqlstate, l.error_message, l.error_detail, l.error_hint
FROM datasurface.dataset d
JOIN datasurface.store s USING (store_id)
LEFT JOIN datasurface.load l USING (dataset_id)
CROSS JOIN LATERAL (
    SELECT pg_catalog.count(k.finished_at)::integer AS done, (pg_catalog.count(*) - pg_catalog.count(k.finished_at))::integer AS left,
           coalesce(pg_catalog.sum(k.loaded), 0)::bigint AS loaded, coalesce(pg_catalog.sum(k.skipped), 0)::bigint AS skipped,
           pg_catalog.sum(k.received_bytes)::bigint AS received_bytes, pg_catalog.max(k.finished_at) AS finished_at,
           (pg_catalog.sum(k.loaded) / nullif(pg_catalog.sum(k.seconds), 0))::bigint AS rate
    FROM datasurface.load_chunk k WHERE k.dataset_id = d.dataset_id) c
-- who loads a chunk has locked its row: xmax is the number of a transaction that is in progress, or of a part of one
CROSS JOIN LATERAL (
    SELECT pg_catalog.count(DISTINCT a.pid)::integer AS sessions, pg_catalog.min(a.xact_start) AS oldest
    FROM datasurface.load_chunk k
    JOIN pg_catalog.pg_locks o ON o.locktype = 'transactionid' AND o.transactionid = k.xmax AND o.granted
    JOIN pg_catalog.pg_stat_activity a ON a.pid = o.pid
    WHERE k.dataset_id = d.dataset_id AND k.finished_at IS NULL) w
WHERE d.in_model AND (d.unpublished OR l.dataset_id IS NOT NULL);
COMMENT ON VIEW datasurface.loads IS 'first loads in chunks: those that are under way, and those that are published';
COMMENT ON COLUMN datasurface.loads.stream IS 'stream of the dataset';
COMMENT ON COLUMN datasurface.loads.dataset IS 'dataset';
COMMENT ON COLUMN datasurface.loads.state IS 'waiting (not begun), loading, loaded (the next batch publishes it) or published';
COMMENT ON COLUMN datasurface.loads.cut_by IS 'what chunks are ranges of: key or ctid. NULL: there are none; the batch that publishes it loads it at once';
COMMENT ON COLUMN datasurface.loads.chunks_done IS 'chunks that are loaded';
COMMENT ON COLUMN datasurface.loads.chunks IS 'chunks in all, by what is known: one that turns out too large is cut again';
COMMENT ON COLUMN datasurface.loads.sessions IS 'sessions that load a chunk of it now';
COMMENT ON COLUMN datasurface.loads.loaded IS 'rows that the chunks have brought';
COMMENT ON COLUMN datasurface.loads.skipped IS 'rows that they left out, because another chunk had brought their keys';
COMMENT ON COLUMN datasurface.loads.received_bytes IS 'bytes that came from another server';
COMMENT ON COLUMN datasurface.loads.rows_per_second IS 'rows that a session loads in a second, over all chunks';
COMMENT ON COLUMN datasurface.loads.begun_at IS 'when it was cut into chunks';
COMMENT ON COLUMN datasurface.loads.expected_end IS 'when the last chunk will be loaded, if it goes on as until now; the batch that publishes it follows';
COMMENT ON COLUMN datasurface.loads.last_chunk_at IS 'when the last chunk was loaded';
COMMENT ON COLUMN datasurface.loads.oldest_transaction IS 'when the oldest transaction began that loads a chunk now; the one at the source is no older';
COMMENT ON COLUMN datasurface.loads.published_by IS 'batch that published it: the first one that has the dataset';
COMMENT ON COLUMN datasurface.loads.published_at IS 'when';
COMMENT ON COLUMN datasurface.loads.failed_at IS 'when the last attempt failed; NULL: it did not. The next call tries the same chunk again';
COMMENT ON COLUMN datasurface.loads.error_sqlstate IS 'of that: SQLSTATE';
COMMENT ON COLUMN datasurface.loads.error_message IS 'of that: message';
COMMENT ON COLUMN datasurface.loads.error_detail IS 'of that: detail';
COMMENT ON COLUMN datasurface.loads.error_hint IS 'of that: hint';
GRANT SELECT ON datasurface.loads TO pg_monitor;
