CREATE FUNCTION datasurface.ds_batch_at(stream text, at timestamptz)
RETURNS integer
LANGUAGE C STABLE PARALLEL UNSAFE
AS 'MODULE_PATHNAME', 'ds_batch_at';
COMMENT ON FUNCTION datasurface.ds_batch_at(text, timestamptz) IS
'Returns the number of the last batch of a stream that was committed at that time and changed something; NULL before the first. It is an argument for the as_of functions of the stream''s datasets. The answer never changes: a time after checked_at of the stream is an error (SF019). A dataset''s stream knows the batches of the store''s stream too, for times when the store had consistency multi; for times when it had single, the store''s stream is an error.';
