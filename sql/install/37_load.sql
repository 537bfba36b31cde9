-- First loads: a row for each dataset that is or was loaded in chunks. While a chunk is loaded, its row is locked, and that of the load FOR KEY SHARE.

CREATE TABLE datasurface.load (
    dataset_id integer PRIMARY KEY,
    rows_digest text NOT NULL,
    cut_by text CHECK (cut_by IN ('key', 'ctid')),
    null_keys boolean NOT NULL DEFAULT false,
    chunk_rows bigint NOT NULL,
    begun_at timestamptz,
    source_system text,
    source_timeline integer,
    source_lsn pg_lsn,
    error_sqlstate text,
    error_message text,
    error_detail text,
    error_hint text,
    failed_at timestamptz,
    published_at timestamptz,
    chunks integer,
    loaded bigint,
    skipped bigint
);
COMMENT ON TABLE datasurface.load IS 'first loads in chunks';
COMMENT ON COLUMN datasurface.load.dataset_id IS 'the dataset';
COMMENT ON COLUMN datasurface.load.rows_digest IS 'of what the model said of its columns, key and source when the load began: by another model it begins anew';
COMMENT ON COLUMN datasurface.load.cut_by IS 'what chunks are ranges of: key or ctid. NULL: there are no chunks, or some were given up; the batch that publishes the dataset reads all rows';
COMMENT ON COLUMN datasurface.load.null_keys IS 'the first chunk looks for rows without a key too';
COMMENT ON COLUMN datasurface.load.chunk_rows IS 'rows that a chunk should have';
COMMENT ON COLUMN datasurface.load.begun_at IS 'when it was cut into chunks; NULL: it could not begin yet';
COMMENT ON COLUMN datasurface.load.source_system IS 'system identifier of the source when the load began; NULL if the rows are none of a source';
COMMENT ON COLUMN datasurface.load.source_timeline IS 'timeline of the source then';
COMMENT ON COLUMN datasurface.load.source_lsn IS 'position in the WAL of the source then';
COMMENT ON COLUMN datasurface.load.error_sqlstate IS 'of the last attempt, if it failed: SQLSTATE';
COMMENT ON COLUMN datasurface.load.error_message IS 'of that: message';
COMMENT ON COLUMN datasurface.load.error_detail IS 'of that: detail';
COMMENT ON COLUMN datasurface.load.error_hint IS 'of that: hint';
COMMENT ON COLUMN datasurface.load.failed_at IS 'when it failed';
COMMENT ON COLUMN datasurface.load.published_at IS 'when the dataset was published; its chunks are forgotten then';
COMMENT ON COLUMN datasurface.load.chunks IS 'of a published dataset: chunks that were loaded';
COMMENT ON COLUMN datasurface.load.loaded IS 'of a published dataset: rows that they brought';
COMMENT ON COLUMN datasurface.load.skipped IS 'of a published dataset: rows that they left out, for another chunk had brought their keys';
SELECT pg_catalog.pg_extension_config_dump('datasurface.load', '');
COMMENT ON INDEX datasurface.load_pkey IS 'finds the load of a dataset';

CREATE TABLE datasurface.load_chunk (
    dataset_id integer NOT NULL,
    chunk integer NOT NULL,
    lower_bound text[],
    upper_bound text[],
    expected bigint,
    is_exact boolean NOT NULL DEFAULT false,
    loaded bigint,
    skipped bigint,
    received_bytes bigint,
    seconds double precision,
    finished_at timestamptz,
    PRIMARY KEY (dataset_id, chunk)
);
COMMENT ON TABLE datasurface.load_chunk IS 'chunks of first loads that are not closed yet';
COMMENT ON COLUMN datasurface.load_chunk.dataset_id IS 'the dataset';
COMMENT ON COLUMN datasurface.load_chunk.chunk IS 'number within the load; they are loaded in this order';
COMMENT ON COLUMN datasurface.load_chunk.lower_bound IS 'first value of the range: of the first columns of the key, or a ctid; NULL: from the smallest';
COMMENT ON COLUMN datasurface.load_chunk.upper_bound IS 'value that the range ends below; NULL: to the largest';
COMMENT ON COLUMN datasurface.load_chunk.expected IS 'rows that it should have, by statistics or a count; NULL: unknown';
COMMENT ON COLUMN datasurface.load_chunk.is_exact IS 'its rows were counted when it was cut, so it is not cut again';
COMMENT ON COLUMN datasurface.load_chunk.loaded IS 'rows that it brought';
COMMENT ON COLUMN datasurface.load_chunk.skipped IS 'rows that it left out, for another chunk had brought their keys';
COMMENT ON COLUMN datasurface.load_chunk.received_bytes IS 'bytes that came from another server';
COMMENT ON COLUMN datasurface.load_chunk.seconds IS 'time that it took, in seconds';
COMMENT ON COLUMN datasurface.load_chunk.finished_at IS 'when it was loaded; NULL: it was not';
SELECT pg_catalog.pg_extension_config_dump('datasurface.load_chunk', '');
COMMENT ON INDEX datasurface.load_chunk_pkey IS 'a chunk has its number once';
CREATE INDEX load_chunk_open_idx ON datasurface.load_chunk (dataset_id, chunk) WHERE finished_at IS NULL;
COMMENT ON INDEX datasurface.load_chunk_open_idx IS 'finds the chunks that are left';
