-- A change is a difference of what is stored: NULL is not '', 1.0 is not 1.00, and types without an equality of their
-- own (json, point, xid) are compared too; but no setting of the session that runs the batch makes a difference.
CREATE SCHEMA stored_source;
CREATE TABLE stored_source.t (id integer, txt text, num numeric, js json, pt point, at timestamptz, day date, bin bytea,
    f double precision, iv interval, arr numeric[], ch char(4), big text);
ALTER TABLE stored_source.t ALTER big SET STORAGE EXTERNAL;
CALL scene.make(scene.store('stored', scene.dataset('t', 'id integer, txt text, num numeric, js json, pt point, '
    'at timestamptz, day date, bin bytea, f float8, iv interval, arr numeric[], ch char(4), big text',
    'SELECT * FROM stored_source.t', milestoned => true)));
INSERT INTO stored_source.t SELECT n, 'a', 1.0, '{"a": 1, "b": 2}', '(1,2)', '2026-03-29 02:30+00', '2026-01-02',
    '\x00ff', 0.1, '1 day', '{1.0,NULL}', 'ab',
    repeat(n::text || 'x', 20000) FROM generate_series(1, 12) n;
SELECT datasurface.ds_run('stored', 'run 1');

-- the same rows under every setting that changes how a value is written or read: no change
SET TimeZone = 'Asia/Kathmandu'; SET DateStyle = 'SQL, DMY'; SET IntervalStyle = 'iso_8601'; SET extra_float_digits =
    -15; SET bytea_output = 'escape';
SET search_path = stored_source; SET xmloption = 'document'; SET array_nulls = off; SET standard_conforming_strings
    = off;
SELECT datasurface.ds_run('stored', 'run 2');
-- and the session has its settings back
SHOW TimeZone; SHOW DateStyle; SHOW search_path; SHOW extra_float_digits;
RESET ALL;
SELECT batch, inserted, updated, deleted, unchanged FROM datasurface.batch_datasets
    WHERE stream = 'stored' ORDER BY batch;

-- one difference per row, each of one that "=" or a text would miss or cannot ask for
UPDATE stored_source.t SET txt = '' WHERE id = 1;
UPDATE stored_source.t SET num = 1.00 WHERE id = 2;
UPDATE stored_source.t SET js = '{"b": 2, "a": 1}' WHERE id = 3;
UPDATE stored_source.t SET pt = '(1,2.0000001)' WHERE id = 4;
UPDATE stored_source.t SET iv = '24 hours' WHERE id = 5;
UPDATE stored_source.t SET arr = '{1.00,NULL}' WHERE id = 6;
UPDATE stored_source.t SET f = 0.1::float8 + 1e-18 WHERE id = 7; -- the same double: no change
UPDATE stored_source.t SET big = overlay(big PLACING 'y' FROM 30000) WHERE id = 8;
UPDATE stored_source.t SET ch = 'ab  ' WHERE id = 9; -- padded anyway: no change
UPDATE stored_source.t SET bin = '\x00' WHERE id = 10;
UPDATE stored_source.t SET arr = '[0:1]={1.0,NULL}' WHERE id = 11;
UPDATE stored_source.t SET txt = NULL WHERE id = 12;
SELECT datasurface.ds_run('stored', 'run 3');
SELECT batch, inserted, updated, deleted, unchanged FROM datasurface.batch_datasets
    WHERE stream = 'stored' AND batch = 3;
SELECT array_agg(id ORDER BY id) AS changed FROM stored.t WHERE ds_surf_batch_in = 3;
-- '' to NULL and back, 0 to -0 and back
UPDATE stored_source.t SET txt = NULL WHERE id = 1;
UPDATE stored_source.t SET txt = '' WHERE id = 12;
UPDATE stored_source.t SET f = 0 WHERE id = 2;
SELECT datasurface.ds_run('stored', 'run 4');
UPDATE stored_source.t SET f = '-0' WHERE id = 2;
SELECT datasurface.ds_run('stored', 'run 5');
SELECT batch, inserted, updated, deleted, unchanged FROM datasurface.batch_datasets
    WHERE stream = 'stored' AND batch > 3 ORDER BY batch;
-- a large value is the same whether it is compressed, out of line or neither
ALTER TABLE stored.t ALTER big SET STORAGE EXTERNAL;
ALTER TABLE stored.t_staging ALTER big SET STORAGE MAIN;
UPDATE stored_source.t SET txt = 'rewritten', big = repeat('z', 100000);
SELECT datasurface.ds_run('stored', 'run 6');
SELECT datasurface.ds_run('stored', 'run 7');
SELECT batch, inserted, updated, deleted, unchanged FROM datasurface.batch_datasets
    WHERE stream = 'stored' AND batch > 5 ORDER BY batch;
-- all of it against the source, by image
SELECT count(*) AS differing FROM stored.t m JOIN stored_source.t s USING (id)
WHERE ROW(m.txt, m.num, m.js, m.pt, m.at, m.day, m.bin, m.f, m.iv, m.arr, m.ch, m.big)::record *<>
      ROW(s.txt, s.num, s.js, s.pt, s.at, s.day, s.bin, s.f, s.iv, s.arr, s.ch, s.big)::record;
