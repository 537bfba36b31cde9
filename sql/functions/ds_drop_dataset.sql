CREATE FUNCTION datasurface.ds_drop_dataset(
    store text, dataset text, confirm text,
    OUT object text, OUT action text, OUT statement text)
RETURNS SETOF record
LANGUAGE C VOLATILE PARALLEL UNSAFE
AS 'MODULE_PATHNAME', 'ds_drop_dataset';
COMMENT ON FUNCTION datasurface.ds_drop_dataset(text, text, text) IS
'Drops the tables, the function and the consumers'' views of a dataset that has left the model, and forgets the dataset, its stream, its batches and run ids. Returns each statement. confirm is the store and the dataset with a period between them. Objects of others that depend on them are an error. Locks are not waited for, but tried again for datasurface.ddl_lock_timeout.';
REVOKE ALL ON FUNCTION datasurface.ds_drop_dataset(text, text, text) FROM PUBLIC;
