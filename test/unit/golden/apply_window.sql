-- A window of a milestoned dataset with deletes: a delete has no place, and rows whose key is not staged stay.
WITH diff AS MATERIALIZED (
    SELECT m.ds_surf_relation, m.ds_surf_place, m.ds_surf_version,
        CASE WHEN m.ds_surf_place IS NULL THEN 'i' WHEN s.ds_surf_place IS NULL THEN 'd' ELSE 'u' END AS ds_surf_change,
        s."id", s."customer", s."note" FROM (
        SELECT DISTINCT ON ("id") CASE WHEN "ds_surf_deleted" THEN NULL ELSE ctid END AS ds_surf_place,
            "id", "customer", "note" FROM "sales"."orders_staging"
        WHERE "ds_surf_arrival" <= $2
        ORDER BY "id", "ds_surf_arrival" DESC, ctid DESC
    ) s LEFT JOIN (
        SELECT tableoid AS ds_surf_relation, ctid AS ds_surf_place, xmin AS ds_surf_version, "id", "customer", "note" FROM "sales"."orders"
    ) m ON (s."id") OPERATOR("pg_catalog".=) (m."id")
    WHERE (m.ds_surf_place IS NOT NULL OR s.ds_surf_place IS NOT NULL)
        AND (m.ds_surf_place IS NULL OR s.ds_surf_place IS NULL
            OR ROW(s."id", s."customer", s."note")::record
                OPERATOR(pg_catalog.*<>) ROW(m."id", m."customer", m."note")::record)
), closed AS (
    INSERT INTO "sales"."orders_history" ("ds_surf_batch_in", "ds_surf_batch_out", "id", "customer", "note")
    SELECT m."ds_surf_batch_in", $1 - 1, m."id", m."customer", m."note"
    FROM diff d JOIN "sales"."orders" m
        ON m.ctid = d.ds_surf_place AND m.tableoid = d.ds_surf_relation AND m.xmin = d.ds_surf_version
    WHERE d.ds_surf_change IN ('u', 'd')
    RETURNING 1
), deleted AS (
    DELETE FROM "sales"."orders" m
    USING diff d WHERE d.ds_surf_change IN ('d')
        AND m.ctid = d.ds_surf_place AND m.tableoid = d.ds_surf_relation AND m.xmin = d.ds_surf_version
    RETURNING 1
), updated AS (
    UPDATE "sales"."orders" m
    SET "ds_surf_batch_in" = $1, "id" = d."id", "customer" = d."customer", "note" = d."note"
    FROM diff d WHERE d.ds_surf_change IN ('u')
        AND m.ctid = d.ds_surf_place AND m.tableoid = d.ds_surf_relation AND m.xmin = d.ds_surf_version
    RETURNING 1
), inserted AS (
    INSERT INTO "sales"."orders" ("ds_surf_batch_in", "ds_surf_batch_out", "id", "customer", "note")
    SELECT $1, 2147483647, d."id", d."customer", d."note"
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
