\pset footer off

\echo
\echo '== the batches'
SELECT batch, dataset, inserted, updated, deleted, unchanged
FROM datasurface.batch_datasets WHERE stream = 'debian' ORDER BY dataset, batch;

\echo '== one package, as of each batch: debian.packages_as_of(batch)'
SELECT batch, package, version, section, installed_size, ds_surf_batch_in, ds_surf_batch_out
FROM generate_series(1, 3) AS batch, LATERAL debian.packages_as_of(batch)
WHERE package = 'postgresql' ORDER BY batch;

\echo '== what a consumer asks the workspace view: which sections grew most since the first release?'
\echo 'SELECT section, count(*) AS packages, count(*) - before.packages AS more'
\echo 'FROM release_watch.packages JOIN (SELECT section, count(*) AS packages FROM debian.packages_as_of(1) GROUP BY 1) before USING (section)'
\echo 'GROUP BY section, before.packages ORDER BY more DESC LIMIT 5;'
\echo
SELECT section, count(*) AS packages, count(*) - before.packages AS more
FROM release_watch.packages JOIN (SELECT section, count(*) AS packages FROM debian.packages_as_of(1) GROUP BY 1) before USING (section)
GROUP BY section, before.packages ORDER BY more DESC LIMIT 5;
