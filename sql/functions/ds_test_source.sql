CREATE FUNCTION datasurface.ds_test_source(
    source text, OUT "check" text, OUT ok boolean, OUT detail text, OUT hint text)
RETURNS SETOF record
LANGUAGE C VOLATILE PARALLEL UNSAFE
AS 'MODULE_PATHNAME', 'ds_test_source';
COMMENT ON FUNCTION datasurface.ds_test_source(text) IS
'Connects to a source of the model as each of its stores does, and returns what works: the connection, the server''s version and whether it is in recovery, and each dataset''s query, which is planned there with the rights of the credential. A row that is not ok has the error and its hint. Shows no secret. Changes nothing.';
REVOKE ALL ON FUNCTION datasurface.ds_test_source(text) FROM PUBLIC;
