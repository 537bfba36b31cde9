-- What is staged: rows, incomplete keys, duplicate keys, rows too many, an example of either.
SELECT
    coalesce(sum(g.n), 0)::bigint,
    coalesce(sum(g.n) FILTER (WHERE g.incomplete), 0)::bigint,
    count(*) FILTER (WHERE g.n > 1 AND NOT g.incomplete), coalesce(sum(g.n - 1) FILTER (WHERE g.n > 1 AND NOT g.incomplete), 0)::bigint,
    min(g.key) FILTER (WHERE g.n > 1 AND NOT g.incomplete),
    min(g.key) FILTER (WHERE g.incomplete)
FROM (
    SELECT count(*) AS n, num_nulls("id") > 0 AS incomplete,
        CASE WHEN count(*) > 1 OR num_nulls("id") > 0 THEN left(concat_ws(', ', coalesce("id"::text COLLATE "C", 'NULL')), 500) END AS key
    FROM "sales"."orders_staging"
    WHERE "ds_surf_arrival" <= $1
    GROUP BY "id"
) g
