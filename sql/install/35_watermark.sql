-- A row for each dataset of ingestion sql_watermark.

CREATE TABLE datasurface.watermark (
    dataset_id integer PRIMARY KEY,
    rows_digest text NOT NULL,
    mark bigint,
    advanced_at timestamptz,
    held_by text,
    next_whole text,
    asked_at timestamptz,
    whole_at timestamptz,
    why_whole text,
    window_rows bigint,
    reread bigint
);
COMMENT ON TABLE datasurface.watermark IS 'marks of datasets of which only rows beyond a mark are pulled';
COMMENT ON COLUMN datasurface.watermark.dataset_id IS 'the dataset';
COMMENT ON COLUMN datasurface.watermark.rows_digest IS 'of what the model says of its columns, key and source: a mark that was taken by another model is forgotten';
COMMENT ON COLUMN datasurface.watermark.mark IS 'where the next window begins, before the overlap is taken off: microseconds since 1970, a number, or a transaction. NULL: the next pull is whole';
COMMENT ON COLUMN datasurface.watermark.advanced_at IS 'when the mark last changed';
COMMENT ON COLUMN datasurface.watermark.held_by IS 'why the last batch or check left the mark where it was, or could not raise it to the clock of the source; NULL: nothing held it';
COMMENT ON COLUMN datasurface.watermark.next_whole IS 'why the next pull has to be whole; NULL: it need not';
COMMENT ON COLUMN datasurface.watermark.asked_at IS 'when next_whole was last set: a whole pull that was staged before does not end it';
COMMENT ON COLUMN datasurface.watermark.whole_at IS 'when the last whole pull was committed';
COMMENT ON COLUMN datasurface.watermark.why_whole IS 'why that was whole';
COMMENT ON COLUMN datasurface.watermark.window_rows IS 'rows of the last window; NULL if the last pull was whole';
COMMENT ON COLUMN datasurface.watermark.reread IS 'of these, the rows that changed nothing';
SELECT pg_catalog.pg_extension_config_dump('datasurface.watermark', '');
COMMENT ON INDEX datasurface.watermark_pkey IS 'finds the mark of a dataset';
