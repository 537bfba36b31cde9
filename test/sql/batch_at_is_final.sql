-- ds_batch_at gives the same answer for ever: it names only batches that changed something, by commit times that rise
-- strictly within a stream, and refuses a time after the newest of them.
CREATE SCHEMA final_source;
CREATE TABLE final_source.t (id integer, v integer);
CREATE TABLE final_source.u (id integer);
CALL scene.make(scene.store('final', scene.dataset('t', 'id integer, v integer', 'SELECT id, v FROM final_source.t')
    || scene.dataset('u', query => 'SELECT id FROM final_source.u')));
-- an error, with the newest time that can be answered replaced by its name
CREATE FUNCTION pg_temp.batch_at(at timestamptz) RETURNS text LANGUAGE plpgsql SET DateStyle = ISO
    SET TimeZone = GMT AS $$
DECLARE detail text; hint text; newest timestamptz;
BEGIN
    RETURN coalesce(datasurface.ds_batch_at('final', at)::text, 'none');
EXCEPTION WHEN OTHERS THEN
    GET STACKED DIAGNOSTICS detail = PG_EXCEPTION_DETAIL, hint = PG_EXCEPTION_HINT;
    SELECT checked_at INTO newest FROM datasurface.streams WHERE stream = 'final';
    RETURN concat_ws(E'\n', SQLSTATE || ': ' || SQLERRM, coalesce(replace(detail, newest::text, 'CHECKED_AT'), detail),
        hint);
END $$;
CREATE VIEW pg_temp.answers AS SELECT batch, inserted + updated + deleted > 0 AS changed,
    pg_temp.batch_at(finished_at - interval '1 microsecond') AS just_before,
        pg_temp.batch_at(finished_at) AS from_then_on
FROM datasurface.batches WHERE stream = 'final' ORDER BY batch;

\echo nothing is committed: neither is there an answer to the oldest time
SELECT pg_temp.batch_at('infinity'), pg_temp.batch_at('-infinity');
SELECT datasurface.ds_start_batch('final');
SELECT pg_temp.batch_at('-infinity');
\echo a first batch without rows changes nothing: it is a check, and there is still no batch to name
SELECT datasurface.ds_run('final', 'run 1');
TABLE pg_temp.answers;
SELECT checked_at = committed_at AS stamped FROM datasurface.streams WHERE stream = 'final';
\echo each kind of change, in each dataset, is one
INSERT INTO final_source.t VALUES (1, 1);
SELECT datasurface.ds_run('final', 'run 2');
SELECT datasurface.ds_run('final', 'run 3');
UPDATE final_source.t SET v = 2;
SELECT datasurface.ds_run('final', 'run 4');
SELECT datasurface.ds_run('final', 'run 5');
INSERT INTO final_source.u VALUES (1);
SELECT datasurface.ds_run('final', 'run 6');
DELETE FROM final_source.t;
SELECT datasurface.ds_run('final', 'run 7');
SELECT datasurface.ds_run('final', 'run 8');
TABLE pg_temp.answers;
SELECT pg_temp.batch_at('-infinity') AS before_all, pg_temp.batch_at('infinity') AS not_final;
SELECT pg_temp.batch_at(checked_at) AS newest, pg_temp.batch_at(checked_at + interval '1 microsecond') AS not_final
    FROM datasurface.streams WHERE stream = 'final';
\echo what fails or is open is no commit: the newest time stays
SELECT checked_at FROM datasurface.streams WHERE stream = 'final' \gset before_
INSERT INTO final_source.u VALUES (1);
SELECT datasurface.ds_run('final', 'run 9');
SELECT checked_at = :'before_checked_at' AS same FROM datasurface.streams WHERE stream = 'final';
DELETE FROM final_source.u;
SELECT datasurface.ds_reset_batch('final', 9);
SELECT checked_at = :'before_checked_at' AS same FROM datasurface.streams WHERE stream = 'final';
SELECT datasurface.ds_run('final', 'run 10');
SELECT pg_temp.batch_at(checked_at), checked_at = committed_at AS stamped FROM datasurface.streams
    WHERE stream = 'final';

\echo a clock that is behind: commit times rise all the same, by as little as there is
UPDATE datasurface.stream SET checked_at = '2100-01-01 00:00+00' WHERE name = 'final';
SELECT datasurface.ds_run('final', 'run 11');
INSERT INTO final_source.t VALUES (2, 2);
SELECT datasurface.ds_run('final', 'run 12');
SELECT datasurface.ds_run('final', 'run 13');
SET TimeZone = GMT; SET DateStyle = ISO;
SELECT batch, finished_at FROM datasurface.batches WHERE stream = 'final' AND batch > 9 ORDER BY batch;
SELECT checked_at, committed_at FROM datasurface.streams WHERE stream = 'final';
SELECT datasurface.ds_batch_at('final', '2100-01-01 00:00:00.000001+00') AS check,
    datasurface.ds_batch_at('final', '2100-01-01 00:00:00.000002+00') AS change,
    datasurface.ds_batch_at('final', '2100-01-01 00:00:00.000003+00') AS later;
SELECT datasurface.ds_batch_at('final', '2100-01-01 00:00:00.000004+00'); -- fails
\echo :SQLSTATE
RESET TimeZone; RESET DateStyle;
\echo within one transaction, where now() stands still, too
BEGIN;
SELECT datasurface.ds_run('final', 'behind ' || i) FROM generate_series(1, 3) i;
COMMIT;
SELECT count(*), count(DISTINCT finished_at) AS times, array_agg(batch ORDER BY finished_at)
    = array_agg(batch ORDER BY batch) AS in_order
FROM datasurface.batches WHERE stream = 'final';

\echo 100,000 unchanged batches behind each other: the answer is one step away
INSERT INTO datasurface.batch (stream_id, batch_id, state, changed, started_at, finished_at)
SELECT stream_id, last_batch + i, 'committed', false, checked_at, checked_at + i * interval '1 microsecond'
    FROM datasurface.stream, generate_series(1, 100000) i WHERE name = 'final';
UPDATE datasurface.stream SET checked_at = checked_at + interval '100000 microseconds', last_batch = last_batch + 100000
    WHERE name = 'final';
ANALYZE datasurface.batch;
SELECT checked_at FROM datasurface.streams WHERE stream = 'final' \gset newest_
BEGIN;
SELECT seq_tup_read + idx_tup_fetch AS tuples FROM pg_stat_xact_all_tables WHERE relid = 'datasurface.batch'::regclass
    \gset read_
SELECT pg_temp.batch_at(:'newest_checked_at') AS newest, pg_temp.batch_at('-infinity') AS before_all;
SELECT seq_tup_read + idx_tup_fetch - :read_tuples AS read FROM pg_stat_xact_all_tables
    WHERE relid = 'datasurface.batch'::regclass;
COMMIT;
\echo nor does any answer change when they are purged
CREATE TEMP TABLE before_purge AS SELECT * FROM pg_temp.answers WHERE batch < 20;
DELETE FROM datasurface.batch b USING datasurface.stream t
    WHERE t.stream_id = b.stream_id AND t.name = 'final' AND NOT b.changed;
SELECT bool_and(pg_temp.batch_at(finished_at) = from_then_on) AS same
    FROM datasurface.batches JOIN before_purge USING (batch) WHERE stream = 'final';
SELECT pg_temp.batch_at(:'newest_checked_at') AS newest, pg_temp.batch_at('-infinity') AS before_all;
DROP SCHEMA final_source CASCADE;
