CREATE FUNCTION datasurface.ds_run(stream text, run_id text DEFAULT NULL, budget interval DEFAULT NULL)
RETURNS text
LANGUAGE C VOLATILE PARALLEL UNSAFE
AS 'MODULE_PATHNAME', 'ds_run';
COMMENT ON FUNCTION datasurface.ds_run(text, text, interval) IS
'Starts a batch of a stream, or goes on with the open one. Answers DONE, KEEP_WORKING (the budget is used up: call again), HELD or FAILED (the batch has the error; ds_require raises it). Calls with the same run_id mean the same batch. A pull publishes rows that this call or an earlier one with the same run_id has staged; else it pulls anew. Without run_id a pull does not stop for the budget, and a run that finds nothing changed records no batch.';
REVOKE ALL ON FUNCTION datasurface.ds_run(text, text, interval) FROM PUBLIC;

CREATE PROCEDURE datasurface.ds_run_to_end(stream text, run_id text DEFAULT NULL)
LANGUAGE C
AS 'MODULE_PATHNAME', 'ds_run_to_end';
COMMENT ON PROCEDURE datasurface.ds_run_to_end(text, text) IS
'Runs a batch of a stream to its end, and commits after each step; a pull without run_id only after the merge. Loads what is to be loaded in chunks, and publishes it. Raises the error of a failed batch once it is recorded. Needs autocommit.';
REVOKE ALL ON PROCEDURE datasurface.ds_run_to_end(text, text) FROM PUBLIC;
