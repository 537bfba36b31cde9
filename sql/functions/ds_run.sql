CREATE FUNCTION datasurface.ds_run(stream text, run_id text DEFAULT NULL, budget interval DEFAULT NULL)
RETURNS text
LANGUAGE C VOLATILE PARALLEL UNSAFE
AS 'MODULE_PATHNAME', 'ds_run';
COMMENT ON FUNCTION datasurface.ds_run(text, text, interval) IS
'Starts a batch of a stream, or goes on with it, and answers DONE, KEEP_WORKING (budget used up: call again), HELD or FAILED (the batch has the error; ds_require raises it). The same run_id means the same batch. Of a pull it publishes what it has staged itself, in this call or in an earlier one with the same run_id, or else pulls anew; without a run_id it does not stop for the budget.';
REVOKE ALL ON FUNCTION datasurface.ds_run(text, text, interval) FROM PUBLIC;

CREATE PROCEDURE datasurface.ds_run_to_end(stream text, run_id text DEFAULT NULL)
LANGUAGE C
AS 'MODULE_PATHNAME', 'ds_run_to_end';
COMMENT ON PROCEDURE datasurface.ds_run_to_end(text, text) IS
'Runs a batch of a stream to its end, and commits after each step (without a run_id, of a pull, after both); raises the error of a failed batch after recording it. For callers with autocommit.';
REVOKE ALL ON PROCEDURE datasurface.ds_run_to_end(text, text) FROM PUBLIC;
