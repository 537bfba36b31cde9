-- The rows of a push are those of one run. Another run does not publish them, and is not told of them as if they were
-- its own; it is told whose batch it is, since when, and what to call.
CALL scene.make(scene.store('regress_o''wn', scene.dataset('t'), '{"schema": "regress_own"}'));
-- the time, which differs, left out
CREATE FUNCTION pg_temp.refusal(call text, OUT code text, OUT message text, OUT detail text, OUT hint text)
    LANGUAGE plpgsql AS $$
BEGIN
    EXECUTE 'SELECT ' || call;
    message := 'it was done';
EXCEPTION WHEN OTHERS THEN
    GET STACKED DIAGNOSTICS code = RETURNED_SQLSTATE, message = MESSAGE_TEXT, detail = PG_EXCEPTION_DETAIL,
        hint = PG_EXCEPTION_HINT;
    detail := regexp_replace(detail, '\d{4}-\d\d-\d\d \d\d:\d\d:\d\d\+00', 'TIME');
END $$;
CREATE VIEW pg_temp.newest AS SELECT batch, state, run_ids, (SELECT array_agg(id ORDER BY id)
    FROM regress_own.t) AS published FROM datasurface.batches
    WHERE stream = 'regress_o''wn' ORDER BY batch DESC LIMIT 1;
\x

-- none is open
SELECT * FROM pg_temp.refusal($$datasurface.ds_run('regress_o''wn', 'tuesday')$$);
-- open, and not sealed
SELECT datasurface.ds_start_batch('regress_o''wn', 'monday');
INSERT INTO regress_own.t_staging (id) VALUES (1);
SELECT * FROM pg_temp.refusal($$datasurface.ds_run('regress_o''wn', 'monday')$$);
SELECT * FROM pg_temp.refusal($$datasurface.ds_run('regress_o''wn', 'tuesday')$$);
SELECT * FROM pg_temp.refusal($$datasurface.ds_start_batch('regress_o''wn', 'tuesday')$$);
SELECT * FROM pg_temp.refusal($$datasurface.ds_run('regress_o''wn')$$);
-- sealed
SELECT datasurface.ds_ingest('regress_o''wn', 1, 1);
SELECT * FROM pg_temp.refusal($$datasurface.ds_run('regress_o''wn', 'tuesday')$$);
SELECT * FROM pg_temp.refusal($$datasurface.ds_start_batch('regress_o''wn', 'tuesday')$$);
SELECT * FROM pg_temp.refusal($$datasurface.ds_start_batch('regress_o''wn')$$);
SELECT * FROM pg_temp.refusal($$datasurface.ds_require('regress_o''wn', 'tuesday')$$);
-- failed
SELECT datasurface.ds_fail_batch('regress_o''wn', 1, 'wait');
SELECT * FROM pg_temp.refusal($$datasurface.ds_run('regress_o''wn', 'tuesday')$$);
SELECT * FROM pg_temp.refusal($$datasurface.ds_start_batch('regress_o''wn', 'tuesday')$$);
SELECT datasurface.ds_fail_batch('regress_o''wn', 1, repeat('wait ', 60));
SELECT * FROM pg_temp.refusal($$datasurface.ds_run('regress_o''wn', 'tuesday')$$);
CALL datasurface.ds_run_to_end('regress_o''wn', 'monday');
SELECT * FROM pg_temp.refusal($$datasurface.ds_require('regress_o''wn', 'tuesday')$$);
SELECT datasurface.ds_start_batch('regress_o''wn', 'tuesday');
TABLE pg_temp.newest;

-- as the message says: without its rows, with others, under the run that it belongs to; the reset does not give it to
-- another
INSERT INTO regress_own.t_staging (id) VALUES (2);
SELECT datasurface.ds_ingest('regress_o''wn', 2, 1);
SELECT datasurface.ds_reset_batch('regress_o''wn', 2);
INSERT INTO regress_own.t_staging (id) VALUES (3);
SELECT datasurface.ds_ingest('regress_o''wn', 2, 1);
SELECT * FROM pg_temp.refusal($$datasurface.ds_run('regress_o''wn', 'wednesday')$$);
SELECT datasurface.ds_run('regress_o''wn', 'tuesday');
TABLE pg_temp.newest;
-- or by a call that claims nothing
SELECT datasurface.ds_start_batch('regress_o''wn', 'thursday');
SELECT datasurface.ds_ingest('regress_o''wn', 3, 0), datasurface.ds_run('regress_o''wn');
TABLE pg_temp.newest;
-- a batch without a run id is had by the first that comes; the next is too late
SELECT datasurface.ds_start_batch('regress_o''wn');
SELECT * FROM pg_temp.refusal($$datasurface.ds_start_batch('regress_o''wn', 'friday')$$);
INSERT INTO regress_own.t_staging (id) VALUES (4), (4);
SELECT datasurface.ds_ingest('regress_o''wn', 4, 2);
SELECT datasurface.ds_run('regress_o''wn', 'friday');
SELECT * FROM pg_temp.refusal($$datasurface.ds_run('regress_o''wn', 'saturday')$$);
SELECT * FROM pg_temp.refusal($$datasurface.ds_require('regress_o''wn', 'friday')$$);
-- as the hint says: the model decides otherwise, the rows are staged again
CALL scene.make(scene.store('regress_o''wn', scene.dataset('t', more => '{"duplicate_keys": "last"}'),
    '{"schema": "regress_own"}'));
SELECT datasurface.ds_reset_batch('regress_o''wn', 4);
INSERT INTO regress_own.t_staging (id) VALUES (4), (4);
SELECT datasurface.ds_ingest('regress_o''wn', 4, 2), datasurface.ds_run('regress_o''wn', 'friday');
TABLE pg_temp.newest;
