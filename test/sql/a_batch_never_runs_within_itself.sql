-- A query or trigger of a model that calls datasurface for the stream that it runs for. The lock of the stream keeps
-- other transactions out, not this one; so it is seen by the batch's state: no batch is merged twice or without its
-- rows, the outer call fails, and what the inner one did is undone.
\set SHOW_CONTEXT never
CREATE SCHEMA regress_within_source;
CREATE TABLE regress_within_source.t (id integer, v integer);
INSERT INTO regress_within_source.t VALUES (1, 10), (2, 20);
-- calls what a setting says; the innermost call calls nothing, unless it is to go on without end
CREATE FUNCTION regress_within_source.call(setting text) RETURNS boolean LANGUAGE plpgsql AS $$
DECLARE statement text := current_setting(setting, true);
BEGIN
    IF coalesce(statement, '') = '' THEN RETURN true; END IF;
    IF current_setting('within.endless', true) IS DISTINCT FROM 'on'
        THEN PERFORM set_config(setting, '', false); END IF;
    EXECUTE statement;
    RETURN true;
END $$;
CREATE FUNCTION regress_within_source.call_by_trigger() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN PERFORM regress_within_source.call('within.trigger'); RETURN NULL; END $$;
CALL scene.make(scene.store('regress_within',
    scene.dataset('a', 'id integer, v integer', 'TABLE regress_within_source.t', milestoned => true)
    || scene.dataset('b', 'id integer, v integer', milestoned => true, query =>
        'SELECT id, v FROM (SELECT regress_within_source.call(''within.query'') AS called OFFSET 0) c,
        regress_within_source.t WHERE called')));
CREATE TRIGGER call_by_trigger AFTER UPDATE ON regress_within.b
    EXECUTE FUNCTION regress_within_source.call_by_trigger();
SELECT datasurface.ds_run('regress_within', 'first');
CREATE VIEW pg_temp.newest AS SELECT batch, state, error_step, error_sqlstate AS sqlstate, error_message, error_detail
    FROM datasurface.batches WHERE stream = 'regress_within' ORDER BY batch DESC LIMIT 1;
CREATE VIEW pg_temp.data AS SELECT 'a' AS dataset, v.*
    FROM (TABLE regress_within.a UNION ALL TABLE regress_within.a_history) v
    UNION ALL SELECT 'b', v.* FROM (TABLE regress_within.b UNION ALL TABLE regress_within.b_history) v ORDER BY 1, 4, 2;
UPDATE regress_within_source.t SET v = v + 1;

-- the query runs its own stream, in one call and by steps
SET within.query = $$SELECT datasurface.ds_run('regress_within')$$;
SELECT datasurface.ds_run('regress_within', 'second');
TABLE pg_temp.newest;
SELECT count(*) AS versions FROM pg_temp.data;
SELECT datasurface.ds_reset_batch('regress_within', 2);
SET within.query = $$SELECT datasurface.ds_ingest('regress_within', 2)$$;
SELECT datasurface.ds_ingest('regress_within', 2); -- fails
\echo :SQLSTATE
-- without end
SET within.endless = on;
SET max_stack_depth = '300kB';
SET within.query = $$SELECT datasurface.ds_run('regress_within')$$;
SELECT datasurface.ds_run('regress_within', 'second');
RESET max_stack_depth;
RESET within.endless;
SELECT batch, state, error_step, sqlstate FROM pg_temp.newest;
-- the query resets its own stream: what the other dataset had staged is gone, and must not be taken for deleted rows
SELECT datasurface.ds_reset_batch('regress_within', 2);
SET within.query = $$SELECT datasurface.ds_reset_batch('regress_within', 2)$$;
SELECT datasurface.ds_run('regress_within', 'second');
TABLE pg_temp.newest;
SELECT count(*) AS versions FROM pg_temp.data;
-- a trigger of the merge table does
SET within.query = '';
SELECT datasurface.ds_reset_batch('regress_within', 2);
SELECT datasurface.ds_run('regress_within', 'second', budget => '0');
SET within.trigger = $$SELECT datasurface.ds_run('regress_within')$$;
SELECT datasurface.ds_run('regress_within', 'second');
TABLE pg_temp.newest;
SELECT datasurface.ds_ingest('regress_within', 2);
SET within.trigger = $$SELECT datasurface.ds_reset_batch('regress_within', 2)$$;
SELECT datasurface.ds_merge_staging('regress_within', 2); -- fails
\echo :SQLSTATE
SET within.trigger = $$SELECT datasurface.ds_reset_batch('regress_within', 2),
    datasurface.ds_ingest('regress_within', 2)$$;
SELECT datasurface.ds_merge_staging('regress_within', 2); -- fails: ingested again, but not as it was
\echo :SQLSTATE
-- with nothing in the way it is merged, once
SET within.trigger = '';
SELECT datasurface.ds_run('regress_within', 'second'), datasurface.ds_run('regress_within', 'second');
TABLE pg_temp.data;
SELECT batch, state, run_ids, staged, inserted, updated, deleted FROM datasurface.batches
    WHERE stream = 'regress_within' ORDER BY batch;
