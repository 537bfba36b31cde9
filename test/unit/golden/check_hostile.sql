-- The same for a key of two columns with hostile names.
SELECT
    coalesce(sum(g.n), 0)::bigint,
    coalesce(sum(g.n) FILTER (WHERE g.incomplete), 0)::bigint,
    count(*) FILTER (WHERE g.n > 1 AND NOT g.incomplete), coalesce(sum(g.n - 1) FILTER (WHERE g.n > 1 AND NOT g.incomplete), 0)::bigint,
    min(g.key) FILTER (WHERE g.n > 1 AND NOT g.incomplete),
    min(g.key) FILTER (WHERE g.incomplete)
FROM (
    SELECT count(*) AS n, num_nulls("b""c", "select") > 0 AS incomplete,
        CASE WHEN count(*) > 1 OR num_nulls("b""c", "select") > 0 THEN left(concat_ws(', ', coalesce("b""c"::text COLLATE "C", 'NULL'), coalesce("select"::text COLLATE "C", 'NULL')), 500) END AS key
    FROM "the ""schema"""."a""; DROP TABLE x; --_staging"
    WHERE "ds_surf_arrival" <= $1
    GROUP BY "b""c", "select"
) g
