-- Names that would end an identifier; a key of two columns, one of whose types borrows another's equality.
WITH diff AS MATERIALIZED (
    SELECT m.ds_surf_relation, m.ds_surf_place, m.ds_surf_version,
        CASE WHEN m.ds_surf_place IS NULL THEN 'i' WHEN s.ds_surf_place IS NULL THEN 'd' ELSE 'u' END AS ds_surf_change,
        s."select", s."b""c", s."$1" FROM (
        SELECT DISTINCT ON ("b""c", "select") ctid AS ds_surf_place, "select", "b""c", "$1" FROM "the ""schema"""."a""; DROP TABLE x; --_staging"
        WHERE "ds_surf_arrival" <= $2
        ORDER BY "b""c", "select", "ds_surf_arrival" DESC, ctid DESC
    ) s FULL JOIN (
        SELECT tableoid AS ds_surf_relation, ctid AS ds_surf_place, xmin AS ds_surf_version, "select", "b""c", "$1" FROM "the ""schema"""."a""; DROP TABLE x; --"
    ) m ON (s."b""c") OPERATOR("pg_catalog".=) (m."b""c") AND (s."select")::pg_catalog.text OPERATOR("pg_catalog".=) (m."select")::pg_catalog.text
    WHERE m.ds_surf_place IS NULL OR s.ds_surf_place IS NULL
        OR ROW(s."select", s."b""c", s."$1")::record
            OPERATOR(pg_catalog.*<>) ROW(m."select", m."b""c", m."$1")::record
), closed AS (
    INSERT INTO "the ""schema"""."a""; DROP TABLE x; --_history" ("ds_surf_batch_in", "ds_surf_batch_out", "select", "b""c", "$1")
    SELECT m."ds_surf_batch_in", $1 - 1, m."select", m."b""c", m."$1"
    FROM diff d JOIN "the ""schema"""."a""; DROP TABLE x; --" m
        ON m.ctid = d.ds_surf_place AND m.tableoid = d.ds_surf_relation AND m.xmin = d.ds_surf_version
    WHERE d.ds_surf_change IN ('u', 'd')
    RETURNING 1
), deleted AS (
    DELETE FROM "the ""schema"""."a""; DROP TABLE x; --" m
    USING diff d WHERE d.ds_surf_change IN ('d')
        AND m.ctid = d.ds_surf_place AND m.tableoid = d.ds_surf_relation AND m.xmin = d.ds_surf_version
    RETURNING 1
), updated AS (
    UPDATE "the ""schema"""."a""; DROP TABLE x; --" m
    SET "ds_surf_batch_in" = $1, "select" = d."select", "b""c" = d."b""c", "$1" = d."$1"
    FROM diff d WHERE d.ds_surf_change IN ('u')
        AND m.ctid = d.ds_surf_place AND m.tableoid = d.ds_surf_relation AND m.xmin = d.ds_surf_version
    RETURNING 1
), inserted AS (
    INSERT INTO "the ""schema"""."a""; DROP TABLE x; --" ("ds_surf_batch_in", "ds_surf_batch_out", "select", "b""c", "$1")
    SELECT $1, 2147483647, d."select", d."b""c", d."$1"
    FROM diff d WHERE d.ds_surf_change IN ('i')
    RETURNING 1
)
SELECT (SELECT count(*) FROM deleted),
    (SELECT count(*) FROM updated),
    (SELECT count(*) FROM inserted),
    (SELECT count(*) FROM closed),
    (SELECT count(*) FROM diff d WHERE d.ds_surf_change IN ('d')),
    (SELECT count(*) FROM diff d WHERE d.ds_surf_change IN ('u')),
    (SELECT count(*) FROM diff d WHERE d.ds_surf_change IN ('i'))
