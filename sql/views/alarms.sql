-- What a person should look at now. Each part asks few rows: open batches by their index, the newest batch of each stream by
-- another. Thresholds are constants; who wants to be told later compares since. A message shows no value of a row and no query:
-- it is made to be sent on.
CREATE VIEW datasurface.alarms AS
WITH opened AS (
    SELECT t.name AS stream, t.store_id, t.dataset_id, b.*, t.xmax AS locked_by,
           CASE b.state WHEN 'ingested' THEN b.ingested_at ELSE b.started_at END AS since
    FROM datasurface.batch b JOIN datasurface.stream t USING (stream_id)
    WHERE b.state NOT IN ('committed', 'discarded')
), newest AS (
    -- what is older than three days somebody has seen: Friday's is there on Monday
    SELECT t.name AS stream, b.stream_id, b.batch_id, b.finished_at
    FROM datasurface.stream t
    CROSS JOIN LATERAL (SELECT c.stream_id, c.batch_id, c.finished_at FROM datasurface.batch c
                        WHERE c.stream_id = t.stream_id AND c.state = 'committed' ORDER BY c.batch_id DESC LIMIT 1) b
    -- sign, and not > 0: the planner takes it for a rare value, and 50,000 look-ups for too few to compile (jit_above_cost)
    WHERE t.in_model AND pg_catalog.sign(t.last_batch) = 1 AND b.finished_at > pg_catalog.now() - interval '3 days'
)
SELECT 'held'::text AS kind, 'error'::text AS severity, o.stream, NULL::text AS dataset, o.batch_id AS batch, o.held_at AS since,
       coalesce((SELECT pg_catalog.string_agg(f.message, E'\n' ORDER BY f.kind, d.name, f.rule)
                 FROM datasurface.batch_finding f JOIN datasurface.dataset d USING (dataset_id)
                 WHERE f.stream_id = o.stream_id AND f.batch_id = o.batch_id AND f.action IN ('hold', 'fail')), 'held by its rules')
       || CASE WHEN m.changed THEN E'\nThe model has changed since, so it cannot be released.' ELSE '' END AS message,
       CASE WHEN m.changed THEN pg_catalog.format('SELECT datasurface.ds_discard_batch(%L, %s, ''<reason>'')', o.stream, o.batch_id)
            ELSE pg_catalog.format('SELECT * FROM datasurface.ds_preview_batch(%L, %s)', o.stream, o.batch_id)
                 || CASE WHEN EXISTS (SELECT FROM datasurface.batch_finding f
                                      WHERE f.stream_id = o.stream_id AND f.batch_id = o.batch_id AND f.kind = 'source')
                         THEN ' -- release it if the server was moved or restored on purpose; discard it otherwise' ELSE '' END
            END AS help
FROM opened o
-- as batches find it: see SF002. A load sets a held pull back, so this is a push.
CROSS JOIN LATERAL (
    SELECT EXISTS (
        SELECT FROM (SELECT y.dataset_id, y.definition_digest FROM datasurface.batch_dataset y
                     WHERE y.stream_id = o.stream_id AND y.batch_id = o.batch_id) x
        -- two parts, for a store may have many streams, each with a dataset of its own
        FULL JOIN (SELECT e.dataset_id, e.definition_digest FROM datasurface.dataset e
                   WHERE e.in_model AND e.dataset_id = o.dataset_id
                   UNION ALL
                   SELECT e.dataset_id, e.definition_digest FROM datasurface.dataset e
                   WHERE e.in_model AND e.store_id = o.store_id AND o.dataset_id IS NULL) d
            USING (dataset_id)
        WHERE x.definition_digest IS DISTINCT FROM d.definition_digest) AS changed
    OFFSET 0) m
WHERE o.state = 'held'
UNION ALL
SELECT 'failed', 'error', o.stream, NULL, o.batch_id, o.finished_at,
       CASE o.error_step WHEN 'operator' THEN 'failed by a call of ds_fail_batch'
                         ELSE pg_catalog.format('failed in %s with %s', o.error_step, o.error_sqlstate) END,
       pg_catalog.format('SELECT error_message, error_detail, error_hint FROM datasurface.batches WHERE stream = %L AND batch = %s',
                         o.stream, o.batch_id)
FROM opened o
WHERE o.state = 'failed'
UNION ALL
-- The calls of one run follow each other within minutes. A push waits for those who push, which may take a day.
SELECT 'stuck', 'warning', o.stream, NULL, o.batch_id, o.since,
       CASE WHEN o.state = 'ingested' THEN 'staged, and no session works on it'
            WHEN p.waits THEN 'waits for its rows and the seal'
            ELSE 'begun, and no session works on it' END,
       CASE WHEN p.waits THEN pg_catalog.format('SELECT datasurface.ds_reset_batch(%L, %s)', o.stream, o.batch_id)
            ELSE pg_catalog.format('SELECT datasurface.ds_run(%L)', o.stream) END
FROM opened o
CROSS JOIN LATERAL (
    SELECT o.state = 'started' AND EXISTS (
        SELECT FROM datasurface.batch_dataset x JOIN datasurface.dataset d USING (dataset_id)
        WHERE x.stream_id = o.stream_id AND x.batch_id = o.batch_id AND d.definition -> 'ingestion' ->> 'kind' = 'push') AS waits
    OFFSET 0) p
WHERE o.state IN ('started', 'ingested') AND o.since < pg_catalog.now() - interval '1 hour'
  AND (NOT p.waits OR o.since < pg_catalog.now() - interval '1 day')
  -- a call locks the stream's row until its transaction ends; a standby does not see the locks of the primary
  AND o.locked_by NOT IN (SELECT l.transactionid FROM pg_catalog.pg_locks l WHERE l.transactionid IS NOT NULL AND l.granted)
  AND NOT pg_catalog.pg_is_in_recovery()
UNION ALL
SELECT 'stuck', 'warning', t.name, NULL, NULL, a.state_change,
       pg_catalog.format('session %s of %s has called a function and not committed', a.pid, a.usename),
       pg_catalog.format('SELECT pg_terminate_backend(%s)', a.pid)
FROM pg_catalog.pg_stat_activity a
JOIN pg_catalog.pg_locks l ON l.pid = a.pid AND l.locktype = 'transactionid' AND l.granted
JOIN datasurface.stream t ON t.xmax = l.transactionid
WHERE a.datname = pg_catalog.current_database() AND a.state IN ('idle in transaction', 'idle in transaction (aborted)')
  AND a.state_change < pg_catalog.now() - interval '1 hour'
UNION ALL
-- Tables that the model has changed. New ones count from an hour on: a load of very many takes that long to reconcile.
-- Since when: the load that changed the store last.
SELECT 'unreconciled', 'error', CASE w.consistency WHEN 'multi' THEN w.name END, NULL, NULL, l.loaded_at,
       pg_catalog.format('%s of %s datasets of store "%s" wait for ds_reconcile, %s of them new; batches fail until then',
                         w.changed + w.new, w.datasets, w.name, w.new),
       pg_catalog.format('SELECT * FROM datasurface.ds_plan_schema(store => %L)', w.name)
FROM (SELECT s.name, s.consistency, pg_catalog.count(*) AS datasets,
             -- without a digest, and with columns: steps of it wait
             pg_catalog.count(*) FILTER (WHERE d.reconciled_digest IS DISTINCT FROM d.tables_digest
                 AND (d.reconciled_digest IS NOT NULL OR d.made_columns IS NOT NULL)) AS changed,
             pg_catalog.count(*) FILTER (WHERE d.reconciled_digest IS NULL AND d.made_columns IS NULL) AS new
      FROM datasurface.dataset d JOIN datasurface.store s USING (store_id)
      WHERE d.in_model
      GROUP BY s.store_id
      -- here, so that versions are looked through for these stores only
      HAVING pg_catalog.bool_or(d.reconciled_digest IS DISTINCT FROM d.tables_digest)) w
CROSS JOIN LATERAL (
    SELECT v.loaded_at FROM datasurface.model_version v
    WHERE v.version > coalesce((
        SELECT o.version FROM datasurface.model_version o
        WHERE (SELECT p.digest FROM datasurface.model_version_part p WHERE (p.version, p.kind, p.name) = (o.version, 'store', w.name))
            IS DISTINCT FROM (
                SELECT p.digest FROM datasurface.model_version_part p WHERE p.kind = 'store' AND p.name = w.name
                AND p.version = (SELECT pg_catalog.max(n.version) FROM datasurface.model_version n))
        ORDER BY o.version DESC LIMIT 1), 0)
    ORDER BY v.version LIMIT 1) l
WHERE w.changed > 0 OR (w.new > 0 AND l.loaded_at < pg_catalog.now() - interval '1 hour')
UNION ALL
SELECT CASE f.action WHEN 'near' THEN 'brake_near' ELSE 'warned' END, 'warning', n.stream, d.name, n.batch_id, n.finished_at, f.message,
       pg_catalog.format('SELECT * FROM datasurface.batch_findings WHERE stream = %L AND batch = %s', n.stream, n.batch_id)
FROM datasurface.batch_finding f
JOIN newest n USING (stream_id, batch_id)
JOIN datasurface.dataset d USING (dataset_id)
WHERE f.action IN ('near', 'warn')
UNION ALL
-- Pulls go on, and each reads more than the one before. Without a mark each reads all rows.
SELECT 'mark_held', 'warning', CASE s.consistency WHEN 'multi' THEN s.name ELSE s.name || '#' || d.name END, d.name, NULL,
       coalesce(w.advanced_at, w.whole_at),
       CASE WHEN w.mark IS NULL THEN 'there is no mark, so each pull reads all rows: ' ELSE 'the mark does not advance: ' END || w.held_by,
       'at the source: ' || CASE
           WHEN w.held_by LIKE 'a prepared %' THEN 'SELECT gid, prepared, owner FROM pg_prepared_xacts ORDER BY prepared'
           WHEN w.held_by LIKE 'a transaction %' THEN
               'SELECT pid, usename, state, xact_start FROM pg_stat_activity WHERE datname = current_database() ORDER BY xact_start LIMIT 1'
           WHEN w.held_by LIKE 'the role %' THEN
               'GRANT pg_read_all_stats TO the user who reads; or give the watermark an overlap'
           ELSE 'read the primary; or give the watermark an overlap' END
FROM datasurface.watermark w
JOIN datasurface.dataset d USING (dataset_id)
JOIN datasurface.store s USING (store_id)
WHERE w.held_by IS NOT NULL AND d.in_model
  AND (w.mark IS NULL OR w.advanced_at < pg_catalog.now() - interval '10 minutes')
UNION ALL
-- A dump of a large database takes hours. VACUUM itself holds up no other.
SELECT 'vacuum_held', 'warning', NULL, NULL, NULL, a.xact_start,
       pg_catalog.format('the transaction of session %s of %s keeps VACUUM from removing dead rows', a.pid, a.usename),
       pg_catalog.format('SELECT pg_terminate_backend(%s)', a.pid)
FROM pg_catalog.pg_stat_activity a
WHERE a.datname = pg_catalog.current_database() AND coalesce(a.backend_xid, a.backend_xmin) IS NOT NULL
  AND a.xact_start < pg_catalog.now() - interval '4 hours' AND a.backend_type <> 'autovacuum worker'
  AND a.leader_pid IS NULL
  AND NOT EXISTS (SELECT FROM pg_catalog.pg_stat_progress_vacuum v WHERE v.pid = a.pid)
UNION ALL
SELECT 'vacuum_held', 'warning', NULL, NULL, NULL, p.prepared,
       pg_catalog.format('prepared transaction %s of %s keeps VACUUM from removing dead rows', p.gid, p.owner),
       pg_catalog.format('ROLLBACK PREPARED %L', p.gid)
FROM pg_catalog.pg_prepared_xacts p
WHERE p.database = pg_catalog.current_database() AND p.prepared < pg_catalog.now() - interval '4 hours'
UNION ALL
-- Of the two that follow PostgreSQL does not know since when. A million transactions are some hours of a busy server.
SELECT 'vacuum_held', 'warning', NULL, NULL, NULL, NULL,
       pg_catalog.format('replication slot %s keeps VACUUM from removing dead rows of the last %s transactions; %s',
                         s.slot_name, pg_catalog.age(s.xmin),
                         CASE WHEN s.active THEN 'a query on its standby is as old' ELSE 'nobody uses the slot' END),
       CASE WHEN s.active THEN 'on the standby: SELECT pid FROM pg_stat_activity ORDER BY age(backend_xmin) DESC NULLS LAST LIMIT 1'
            ELSE pg_catalog.format('SELECT pg_drop_replication_slot(%L)', s.slot_name) END
FROM pg_catalog.pg_replication_slots s
WHERE pg_catalog.age(s.xmin) > 1000000
UNION ALL
SELECT 'vacuum_held', 'warning', NULL, NULL, NULL, NULL,
       pg_catalog.format('standby %s, by hot_standby_feedback, keeps VACUUM from removing dead rows of the last %s transactions',
                         a.application_name, pg_catalog.age(a.backend_xmin)),
       'on the standby: SELECT pid FROM pg_stat_activity ORDER BY age(backend_xmin) DESC NULLS LAST LIMIT 1'
FROM pg_catalog.pg_stat_activity a
WHERE a.backend_type = 'walsender' AND pg_catalog.age(a.backend_xmin) > 1000000
UNION ALL
-- Autovacuum comes at a fifth. At half of the rows it does not keep up, or removes nothing.
SELECT 'dead_rows', 'warning', r.stream, r.dataset, NULL, NULL,
       pg_catalog.format('%I.%I has %s dead rows and %s live ones', n.nspname, c.relname,
                         pg_catalog.pg_stat_get_dead_tuples(c.oid), pg_catalog.pg_stat_get_live_tuples(c.oid)),
       pg_catalog.format('VACUUM (VERBOSE) %I.%I', n.nspname, c.relname)
FROM pg_catalog.pg_class c
JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
LEFT JOIN LATERAL (
    SELECT CASE s.consistency WHEN 'multi' THEN s.name ELSE s.name || '#' || d.name END AS stream, d.name AS dataset
    FROM datasurface.relation t JOIN datasurface.dataset d USING (dataset_id) JOIN datasurface.store s USING (store_id)
    WHERE t.schema_name = n.nspname AND t.name = c.relname AND t.kind IN ('merge', 'history', 'staging')) r ON true
WHERE c.relkind = 'r' AND pg_catalog.pg_stat_get_dead_tuples(c.oid) >= 100000
  AND pg_catalog.pg_stat_get_dead_tuples(c.oid) >= 0.5 * pg_catalog.pg_stat_get_live_tuples(c.oid)
  AND (r.dataset IS NOT NULL OR n.nspname = 'datasurface')
UNION ALL
SELECT 'load', l.severity, CASE s.consistency WHEN 'multi' THEN s.name ELSE s.name || '#' || d.name END, d.name, NULL, l.since,
       l.message, pg_catalog.format(l.help, CASE s.consistency WHEN 'multi' THEN s.name ELSE s.name || '#' || d.name END, d.name)
FROM (SELECT o.dataset_id, 'error' AS severity, o.failed_at AS since, pg_catalog.format('the first load has failed with %s', o.error_sqlstate) AS message,
             'SELECT error_message, error_detail, error_hint FROM datasurface.loads WHERE stream = %L AND dataset = %L' AS help
      FROM datasurface.load o WHERE o.failed_at IS NOT NULL
      UNION ALL
      SELECT o.dataset_id, 'warning', coalesce(c.finished_at, o.begun_at),
             pg_catalog.format('%s of %s chunks of the first load are loaded, and no session loads one', c.done, c.chunks),
             'CALL datasurface.ds_run_to_end(%L)'
      FROM datasurface.load o
      CROSS JOIN LATERAL (SELECT pg_catalog.count(*) AS chunks, pg_catalog.count(k.finished_at) AS done, pg_catalog.max(k.finished_at) AS finished_at
                          FROM datasurface.load_chunk k WHERE k.dataset_id = o.dataset_id) c
      WHERE o.failed_at IS NULL AND o.published_at IS NULL AND c.done < c.chunks
        AND coalesce(c.finished_at, o.begun_at) < pg_catalog.now() - interval '1 hour'
        -- who loads a chunk has locked its row
        AND NOT EXISTS (SELECT FROM datasurface.load_chunk k JOIN pg_catalog.pg_locks g
                        ON g.locktype = 'transactionid' AND g.granted AND g.transactionid = k.xmax
                        WHERE k.dataset_id = o.dataset_id AND k.finished_at IS NULL)) l
JOIN datasurface.dataset d USING (dataset_id)
JOIN datasurface.store s USING (store_id)
WHERE d.in_model AND d.unpublished
UNION ALL
SELECT 'setting', s.severity, NULL, NULL, NULL, NULL, pg_catalog.format('%s is off: %s', s.name, s.harm),
       pg_catalog.format('ALTER SYSTEM SET %s = on; SELECT pg_reload_conf()', s.name)
FROM (VALUES
    ('fsync', 'error', 'a crash of the machine may leave a database that cannot be used'),
    ('full_page_writes', 'error', 'a crash of the machine may leave pages that are torn'),
    ('autovacuum', 'error', 'dead rows of each batch stay'),
    ('track_counts', 'error', 'autovacuum does not learn which tables have dead rows'),
    ('track_activities', 'warning', 'old transactions do not appear here')) s (name, severity, harm)
WHERE pg_catalog.current_setting(s.name) = 'off'
UNION ALL
-- a batch locks up to five relations of each dataset, reconcile up to six for each view
SELECT 'setting', 'warning', l.stream, NULL, NULL, NULL,
       pg_catalog.format('max_locks_per_transaction has room for %s locks, and %s of %s needs %s', l.room, l.what, l.name, l.locks),
       pg_catalog.format('ALTER SYSTEM SET max_locks_per_transaction = %s',
                         pg_catalog.ceil(1.5 * l.locks * pg_catalog.current_setting('max_locks_per_transaction')::integer / l.room))
FROM (SELECT b.*, pg_catalog.current_setting('max_locks_per_transaction')::bigint
                  * (pg_catalog.current_setting('max_connections')::integer
                     + pg_catalog.current_setting('max_prepared_transactions')::integer) AS room
      FROM ((SELECT s.name AS stream, 'a batch' AS what, s.name, 5 * pg_catalog.count(*) AS locks
             FROM datasurface.store s JOIN datasurface.dataset d USING (store_id)
             WHERE s.consistency = 'multi' AND s.in_model AND d.in_model
             GROUP BY s.name ORDER BY locks DESC LIMIT 1)
            UNION ALL
            (SELECT NULL, 'a reconcile', w.name, 6 * pg_catalog.count(*)
             FROM datasurface.relation r JOIN datasurface.workspace w USING (workspace_id)
             WHERE r.kind = 'view' AND w.in_model
             GROUP BY w.name ORDER BY 4 DESC LIMIT 1)) b) l
WHERE l.locks > l.room;
COMMENT ON VIEW datasurface.alarms IS 'what a person should look at now, one row each; no value of a row is in it';
COMMENT ON COLUMN datasurface.alarms.kind IS 'held, failed, stuck: an open batch; warned, brake_near: the last batch; mark_held: a watermark that does not advance; load: a first load that has failed, or that nobody goes on with; unreconciled: changes of the model that wait; vacuum_held, dead_rows: dead rows that stay; setting: of the server';
COMMENT ON COLUMN datasurface.alarms.severity IS 'error: something does not work, or data may be lost; warning: it may come to that';
COMMENT ON COLUMN datasurface.alarms.stream IS 'stream; NULL if it concerns no stream, or all';
COMMENT ON COLUMN datasurface.alarms.dataset IS 'dataset, if it concerns one';
COMMENT ON COLUMN datasurface.alarms.batch IS 'number of the batch, if it concerns one';
COMMENT ON COLUMN datasurface.alarms.since IS 'since when; NULL if that is not known';
COMMENT ON COLUMN datasurface.alarms.message IS 'what is wrong';
COMMENT ON COLUMN datasurface.alarms.help IS 'statement that shows more or puts it right';
GRANT SELECT ON datasurface.alarms TO pg_monitor;
