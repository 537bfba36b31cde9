-- A dataset with a watermark: each pull reads the rows beyond the mark. Stamps are written by hand here, so that every case is the same each
-- time; test/t/094_watermarks.pl has writers and open transactions, 095_watermark_clocks.pl clocks.
\set SHOW_CONTEXT never
\pset null null
SET client_min_messages = warning;
SET TimeZone = 'UTC';
SET DateStyle = ISO;
CREATE SCHEMA mark_source;
CREATE TABLE mark_source.t (id integer, v text, changed timestamptz, gone boolean);

CREATE FUNCTION pg_temp.store(name text, watermark jsonb, VARIADIC more jsonb[] DEFAULT '{}') RETURNS jsonb LANGUAGE sql AS $$
    SELECT scene.store(name, scene.list(scene.dataset(d, 'id integer, v text', milestoned => d = 'history',
        more => jsonb_build_object('ingestion', jsonb_build_object('kind', 'sql_watermark', 'from', 'mark_source.t',
            'watermark', '{"column": "changed", "type": "timestamptz", "overlap": "0", "full_every": "1000d"}' || watermark))
            || coalesce(more[1], '{}'))))
    FROM unnest('{live,history}'::text[]) d
$$;
-- what a batch did, and which mark it left
CREATE FUNCTION pg_temp.run(store text) RETURNS TABLE (ran text, dataset text, mode text, why_whole text, staged bigint,
    inserted bigint, updated bigint, deleted bigint, mark timestamptz, held_by text) LANGUAGE plpgsql AS $$
BEGIN
    ran := datasurface.ds_run(store, clock_timestamp()::text);
    RETURN QUERY SELECT ran, d.name, b.mode, b.why_whole, b.staged, b.inserted, b.updated, b.deleted,
        timestamptz 'epoch' + b.mark * interval '1 microsecond', b.mark_held_by
        FROM datasurface.batch_dataset b JOIN datasurface.dataset d USING (dataset_id)
        JOIN datasurface.stream s USING (stream_id) WHERE s.name = store AND s.last_batch = b.batch_id ORDER BY 2 DESC;
END $$;

-- ---- the cases of half-open windows ----
CALL scene.make(pg_temp.store('half', '{"window": "half_open"}'));
\set run 'SELECT dataset, mode, staged, inserted, updated, deleted, mark FROM pg_temp.run(\'half\')'
-- W1: an empty source
:run;
-- W2: the newest row waits
INSERT INTO mark_source.t VALUES (1, 'John', '2026-01-01 23:58Z'), (2, 'Jane', '2026-01-01 23:59Z'),
    (3, 'Jim', '2026-01-02 00:00Z'), (4, 'Joe', '2026-01-02 00:01Z'), (5, 'Jill', '2026-01-02 00:02Z');
:run;
SELECT string_agg(v, ' ' ORDER BY id) FROM half.live;
-- W3 to W7
UPDATE mark_source.t SET v = 'Johnny', changed = '2026-01-02 00:03Z' WHERE id = 1;
:run;
UPDATE mark_source.t SET v = 'Doe', changed = '2026-01-02 00:04Z' WHERE id = 2;
:run;
INSERT INTO mark_source.t VALUES (6, 'Six', '2026-01-02 00:05Z');
:run;
INSERT INTO mark_source.t VALUES (7, 'Seven', '2026-01-02 00:06Z');
:run;
:run;
SELECT id, v, ds_surf_batch_in FROM half.live ORDER BY id;
-- W8
SELECT count(*), array_agg(id ORDER BY id) FROM (SELECT id FROM half.history UNION ALL SELECT id FROM half.history_history) x;
-- W9: a row that is deleted is not noticed, until a whole pull finds it
DELETE FROM mark_source.t WHERE id = 3;
:run;
SELECT datasurface.ds_force_snapshot('half', 'live');
:run;
SELECT v FROM half.live WHERE id = 3;
SELECT v FROM half.history WHERE id = 3;

-- ---- W10: closed windows; what is read again makes no version ----
CALL scene.make(pg_temp.store('closed', '{"overlap": "1d"}'));
\set run 'SELECT dataset, mode, why_whole, staged, inserted, updated, deleted FROM pg_temp.run(\'closed\')'
UPDATE mark_source.t SET changed = date_trunc('hour', now());
:run;
SELECT string_agg(v, ' ' ORDER BY id) FROM closed.live;
:run;
-- a row with an older stamp than the window reaches, one within, one without a stamp, and one of the year 9999
INSERT INTO mark_source.t VALUES (11, 'old', now() - interval '3 days'), (12, 'late', now() - interval '23 hours'),
    (13, 'none', NULL), (14, 'future', '9999-12-31'), (15, 'minus', '-infinity'), (16, 'plus', 'infinity');
:run;
SELECT string_agg(v, ' ' ORDER BY id) FROM closed.live WHERE id > 10;
-- the row of the future has not moved the mark
SELECT bool_and(timestamptz 'epoch' + mark * interval '1 microsecond' <= now()) FROM datasurface.watermark WHERE mark > 1000;
-- W11: a column is added
ALTER TABLE mark_source.t ADD more integer DEFAULT 7;
CALL scene.make(pg_temp.store('closed', '{"overlap": "1d"}', jsonb_build_object('columns',
    scene.columns('id integer, v text, more integer'))));
:run;
:run;
SELECT v, more FROM closed.live WHERE id = 11;
-- another overlap is no reason to read everything; another filter is
CALL scene.make(pg_temp.store('closed', '{"overlap": "2d", "nulls": "ignore"}', jsonb_build_object('columns',
    scene.columns('id integer, v text, more integer'))));
:run;
CALL scene.make(pg_temp.store('closed', '{"overlap": "2d", "nulls": "fail"}', jsonb_build_object('columns',
    scene.columns('id integer, v text, more integer'))));
SELECT ran FROM pg_temp.run('closed');
SELECT error_sqlstate, error_message, error_detail, error_hint FROM datasurface.batches WHERE stream = 'closed' AND state = 'failed';
DELETE FROM mark_source.t WHERE changed IS NULL;
:run;

-- ---- W12: a dataset joins; and one changes between snapshot and watermark ----
CALL scene.make(scene.store('joins', (pg_temp.store('joins', '{"overlap": "1d"}') -> 0 -> 'datasets') - 1));
SELECT ran, dataset, mode, why_whole, inserted FROM pg_temp.run('joins');
CALL scene.make(pg_temp.store('joins', '{"overlap": "1d"}'));
SELECT ran, dataset, mode, why_whole, inserted, updated, deleted FROM pg_temp.run('joins');
SELECT scene.store('joins', scene.list(scene.dataset(d, 'id integer, v text', 'SELECT id, v FROM mark_source.t',
    milestoned => d = 'history'))) AS as_snapshot FROM unnest('{live,history}'::text[]) d \gset
CALL scene.make(:'as_snapshot');
SELECT ran, dataset, mode, why_whole, inserted, updated, deleted FROM pg_temp.run('joins');
SELECT count(*) FROM datasurface.watermark JOIN datasurface.dataset d USING (dataset_id) JOIN datasurface.store s USING (store_id)
    WHERE s.name = 'joins';
CALL scene.make(pg_temp.store('joins', '{"overlap": "1d"}'));
SELECT ran, dataset, mode, why_whole, inserted, updated, deleted FROM pg_temp.run('joins');
SELECT count(*) FROM joins.history_history;

-- ---- rows that the source marks as deleted ----
CALL scene.make(pg_temp.store('dele', '{"overlap": "1d", "deleted_when": "gone OR v = ''future''"}'));
SELECT dataset, mode, staged, inserted, updated, deleted FROM pg_temp.run('dele');
UPDATE mark_source.t SET gone = true, changed = now() WHERE id IN (1, 2);
UPDATE mark_source.t SET v = 'changed', changed = now() WHERE id = 4;
INSERT INTO mark_source.t VALUES (20, 'never there', now(), true);
SELECT dataset, mode, inserted, updated, deleted FROM pg_temp.run('dele');
SELECT string_agg(v, ' ' ORDER BY id) FROM dele.live;
SELECT datasurface.ds_force_snapshot('dele', 'live'), datasurface.ds_force_snapshot('dele', 'history');
SELECT dataset, mode, why_whole, inserted, updated, deleted FROM pg_temp.run('dele');

-- ---- numbers ----
CREATE TABLE mark_source.n (id integer, v text, version bigint);
CREATE FUNCTION pg_temp.numbers(watermark jsonb DEFAULT '{}') RETURNS jsonb LANGUAGE sql AS $$
    SELECT scene.store('numbers', scene.dataset('n', 'id integer, v text', more => jsonb_build_object('ingestion', jsonb_build_object(
        'kind', 'sql_watermark', 'query', 'SELECT * FROM mark_source.n -- all', 'watermark',
            '{"column": "version", "type": "bigint", "overlap": 5, "full_every": "1000d"}' || watermark))))
$$;
CALL scene.make(pg_temp.numbers());
CREATE FUNCTION pg_temp.run_numbers() RETURNS TABLE (ran text, mode text, why_whole text, staged bigint, inserted bigint, updated bigint,
    deleted bigint, mark bigint) LANGUAGE sql AS $$
    SELECT r.ran, r.mode, r.why_whole, r.staged, r.inserted, r.updated, r.deleted, (extract(epoch FROM r.mark) * 1000000)::bigint
    FROM pg_temp.run('numbers') r
$$;
SELECT * FROM pg_temp.run_numbers();
INSERT INTO mark_source.n SELECT i, 'row ' || i, i FROM generate_series(1, 100) i;
SELECT * FROM pg_temp.run_numbers();
UPDATE mark_source.n SET v = 'new', version = 101 WHERE id = 50;
UPDATE mark_source.n SET v = 'unseen' WHERE id = 51;
SELECT * FROM pg_temp.run_numbers();
-- the largest is gone: perhaps the numbers begin anew
DELETE FROM mark_source.n WHERE id = 50;
SELECT * FROM pg_temp.run_numbers();
SELECT * FROM pg_temp.run_numbers();
-- a mark that stays where it is has not advanced
CREATE VIEW pg_temp.mark_of_numbers AS SELECT w.* FROM datasurface.watermark w JOIN datasurface.dataset d USING (dataset_id)
    JOIN datasurface.store s USING (store_id) WHERE s.name = 'numbers';
SELECT advanced_at AS before FROM pg_temp.mark_of_numbers \gset
UPDATE mark_source.n SET v = 'again' WHERE id = 99;
SELECT ran FROM pg_temp.run('numbers');
SELECT mark, advanced_at = :'before' AS stayed, window_rows, reread FROM pg_temp.mark_of_numbers;
ALTER TABLE mark_source.n ALTER version TYPE numeric;
SELECT ran FROM pg_temp.run('numbers');
SELECT error_sqlstate, error_message, error_detail, error_hint FROM datasurface.batches WHERE stream = 'numbers' AND state = 'failed';
ALTER TABLE mark_source.n DROP version;
SELECT ran FROM pg_temp.run('numbers');
SELECT error_sqlstate, error_message, error_hint FROM datasurface.batches WHERE stream = 'numbers' AND state = 'failed';

-- ---- transactions ----
CALL scene.make(scene.store('byxmin', scene.dataset('n', 'id integer, v text', more => jsonb_build_object('ingestion', jsonb_build_object(
    'kind', 'sql_watermark', 'from', 'mark_source.n', 'watermark', '{"type": "xmin", "full_every": "1000d"}'::jsonb)))));
SELECT mode, why_whole, staged, inserted, updated, deleted FROM pg_temp.run('byxmin');
UPDATE mark_source.n SET v = 'by xmin' WHERE id = 7;
SELECT mode, why_whole, staged < 50 AS few, inserted, updated, deleted FROM pg_temp.run('byxmin');
SELECT v FROM byxmin.n WHERE id = 7;

-- the transactions of another server are not seen here, and neither are those that wrote what a view reads
CREATE EXTENSION file_fdw;
CREATE SERVER mark_server FOREIGN DATA WRAPPER file_fdw;
CREATE TABLE mark_source.parted (id integer, v text, changed timestamptz) PARTITION BY LIST (id);
CREATE FOREIGN TABLE mark_source.part PARTITION OF mark_source.parted FOR VALUES IN (1) SERVER mark_server
    OPTIONS (filename '/dev/null');
CREATE TABLE mark_source.part2 PARTITION OF mark_source.parted FOR VALUES IN (2);
CREATE FUNCTION pg_temp.foreign_marks(watermark jsonb) RETURNS TABLE (error_sqlstate text, error_message text, error_detail text,
    error_hint text) LANGUAGE plpgsql AS $$
BEGIN
    CALL scene.make(scene.store('foreign_marks', scene.dataset('n', 'id integer, v text', more => jsonb_build_object('ingestion',
        '{"kind": "sql_watermark", "from": "mark_source.parted"}' || jsonb_build_object('watermark', watermark)))));
    PERFORM datasurface.ds_run('foreign_marks');
    RETURN QUERY SELECT b.error_sqlstate, b.error_message, b.error_detail, b.error_hint FROM datasurface.batches b
        WHERE stream = 'foreign_marks' AND state = 'failed';
END $$;
SELECT * FROM pg_temp.foreign_marks('{"type": "xmin", "full_every": "1d"}');
SELECT * FROM pg_temp.foreign_marks('{"column": "changed", "type": "timestamptz", "stamped_by": "transaction", "full_every": "1d"}');

-- ---- a merge table that is made again, which a window would not fill ----
DROP TABLE byxmin.n CASCADE;
SELECT object, action FROM datasurface.ds_reconcile_schema('byxmin', allow => '{lossy}') WHERE action = 'create';
SELECT mode, why_whole, staged = inserted AS all_new FROM pg_temp.run('byxmin');

-- ---- what ds_force_snapshot refuses ----
SELECT scene.refused($$SELECT datasurface.ds_force_snapshot('numbers', 'm')$$);
CALL scene.make(scene.store('mark_pushed', scene.dataset('d')));
SELECT scene.refused($$SELECT datasurface.ds_force_snapshot('mark_pushed', 'd')$$);
