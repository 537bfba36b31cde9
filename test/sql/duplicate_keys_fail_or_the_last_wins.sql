-- Two staged rows of one key, or a NULL in a key: under the policy error nothing is published, and the message names
-- the dataset, the key and the count; under last the row that arrived last wins. A NULL key is an error under both.
CALL scene.make(scene.store('duplicates', scene.dataset('strict', 'a integer, b text, v text', key => 'a, b')
    || scene.dataset('lax', 'a integer, b text, v text', key => 'a, b', milestoned => true,
        more => '{"duplicate_keys": "last"}'),
    '{"consistency": "single"}'));
SELECT datasurface.ds_start_batch('duplicates#strict');
INSERT INTO duplicates.strict_staging (a, b, v) VALUES (1, 'x', 'p'), (2, 'y', 'q');
SELECT datasurface.ds_ingest('duplicates#strict', 1, 2), datasurface.ds_run('duplicates#strict');

-- error: one key three times, another twice
SELECT datasurface.ds_start_batch('duplicates#strict');
INSERT INTO duplicates.strict_staging (a, b, v) VALUES (1, 'x', 'p1'), (7, 'k', '1'), (7, 'k', '2'), (7, 'k', '3'),
    (8, 'm', '1'), (8, 'm', '1');
SELECT datasurface.ds_ingest('duplicates#strict', 2, 6);
SELECT * FROM datasurface.ds_merge_staging('duplicates#strict', 2); -- fails
\echo :SQLSTATE
SELECT datasurface.ds_run('duplicates#strict');
SELECT state, error_step, error_sqlstate, error_message, error_detail FROM datasurface.batches
    WHERE stream = 'duplicates#strict' AND batch = 2;
TABLE duplicates.strict;
-- mended at the source: reset, staged anew
SELECT datasurface.ds_reset_batch('duplicates#strict', 2);
INSERT INTO duplicates.strict_staging (a, b, v) VALUES (1, 'x', 'p1'), (NULL, 'k', '1'), (9, NULL, '2'),
    (NULL, NULL, '3'), (NULL, NULL, '3');
SELECT datasurface.ds_ingest('duplicates#strict', 2, 5);
SELECT * FROM datasurface.ds_merge_staging('duplicates#strict', 2); -- fails
\echo :SQLSTATE
SELECT datasurface.ds_reset_batch('duplicates#strict', 2);
INSERT INTO duplicates.strict_staging (a, b, v) VALUES (1, 'x', 'p1'), (NULL, 'k', '1');
SELECT datasurface.ds_ingest('duplicates#strict', 2, 2);
SELECT * FROM datasurface.ds_merge_staging('duplicates#strict', 2); -- fails
TABLE duplicates.strict;

-- last: by arrival, not by value or place
SELECT datasurface.ds_start_batch('duplicates#lax');
INSERT INTO duplicates.lax_staging (a, b, v) VALUES (1, 'x', 'z first');
INSERT INTO duplicates.lax_staging (a, b, v) VALUES (1, 'y', 'other key'), (1, 'x', 'm second');
INSERT INTO duplicates.lax_staging (a, b, v) VALUES (1, 'x', 'a third'), (2, 'x', 'alone');
UPDATE duplicates.lax_staging SET v = 'm second, touched' WHERE v = 'm second';
SELECT datasurface.ds_ingest('duplicates#lax', 1, 5);
SELECT * FROM datasurface.ds_merge_staging('duplicates#lax', 1);
SELECT staged, inserted, updated, deleted, unchanged, surplus FROM datasurface.batch_datasets
    WHERE stream = 'duplicates#lax';
TABLE duplicates.lax ORDER BY a, b;
-- the winner may be the row that is there already: then nothing changes
SELECT datasurface.ds_start_batch('duplicates#lax');
INSERT INTO duplicates.lax_staging (a, b, v) VALUES (1, 'x', 'changed'), (1, 'x', 'a third'), (1, 'y', 'other key'),
    (2, 'x', 'x'), (2, 'x', 'alone'), (2, 'x', 'b');
SELECT datasurface.ds_ingest('duplicates#lax', 2, 6);
SELECT * FROM datasurface.ds_merge_staging('duplicates#lax', 2);
SELECT staged, surplus FROM datasurface.batch_datasets WHERE stream = 'duplicates#lax' AND batch = 2;
SELECT ds_surf_batch_in, ds_surf_batch_out, a, b, v FROM duplicates.lax_history;
-- a NULL in the key stays an error
SELECT datasurface.ds_start_batch('duplicates#lax');
INSERT INTO duplicates.lax_staging (a, b, v) VALUES (1, NULL, 'x'), (1, NULL, 'y');
SELECT datasurface.ds_ingest('duplicates#lax', 3, 2);
SELECT datasurface.ds_run('duplicates#lax');
SELECT datasurface.ds_require('duplicates#lax'); -- fails
\echo :SQLSTATE
-- a long key is cut in the message
SELECT datasurface.ds_reset_batch('duplicates#strict', 2);
INSERT INTO duplicates.strict_staging (a, b) SELECT 1, repeat('long', 1000) FROM generate_series(1, 2);
SELECT datasurface.ds_ingest('duplicates#strict', 2), datasurface.ds_run('duplicates#strict');
SELECT length(error_detail) < 600 AS message_is_short FROM datasurface.batches
    WHERE stream = 'duplicates#strict' AND batch = 2;
