-- Everything that PostgreSQL knows of the extension, a line each, without numbers that differ between installations. Two
-- databases whose lines are the same have the same extension, however they came to it.

-- Its own schema and all that is in it, by catalog and OID.
CREATE TEMPORARY VIEW object AS
WITH relation AS (SELECT oid FROM pg_class WHERE relnamespace = 'datasurface'::regnamespace)
SELECT 'pg_extension'::regclass AS classid, oid AS objid FROM pg_extension WHERE extname = 'datasurface'
UNION ALL SELECT 'pg_namespace'::regclass, 'datasurface'::regnamespace
UNION ALL SELECT 'pg_class'::regclass, oid FROM relation
UNION ALL SELECT 'pg_proc'::regclass, oid FROM pg_proc WHERE pronamespace = 'datasurface'::regnamespace
UNION ALL SELECT 'pg_type'::regclass, oid FROM pg_type WHERE typnamespace = 'datasurface'::regnamespace
UNION ALL SELECT 'pg_constraint'::regclass, oid FROM pg_constraint WHERE connamespace = 'datasurface'::regnamespace
UNION ALL SELECT 'pg_attrdef'::regclass, oid FROM pg_attrdef WHERE adrelid IN (TABLE relation)
UNION ALL SELECT 'pg_rewrite'::regclass, oid FROM pg_rewrite WHERE ev_class IN (TABLE relation)
UNION ALL SELECT 'pg_trigger'::regclass, oid FROM pg_trigger WHERE tgrelid IN (TABLE relation)
UNION ALL SELECT 'pg_policy'::regclass, oid FROM pg_policy WHERE polrelid IN (TABLE relation)
UNION ALL SELECT 'pg_statistic_ext'::regclass, oid FROM pg_statistic_ext WHERE stxnamespace = 'datasurface'::regnamespace;

-- A name in the place of each OID; TOAST tables are named by one.
CREATE FUNCTION pg_temp.named(classid oid, objid oid, part integer) RETURNS text LANGUAGE sql AS $$
    SELECT regexp_replace(pg_describe_object(classid, objid, part), 'pg_toast_\d+', 'pg_toast_n', 'g')
$$;

-- Grants come in the order in which they were made.
CREATE FUNCTION pg_temp.sorted(acl aclitem[]) RETURNS text LANGUAGE sql AS $$
    SELECT string_agg(item::text, ' ' ORDER BY item::text COLLATE "C") FROM unnest(acl) item
$$;

-- A row of a catalog without the columns that number or count something, but with those named.
CREATE FUNCTION pg_temp.told(catalog_row jsonb, VARIADIC columns text[]) RETURNS text LANGUAGE sql AS $$
    SELECT string_agg(key || ' ' || coalesce(value, 'NULL'), ', ' ORDER BY key) FROM jsonb_each_text(catalog_row) WHERE key = ANY (columns)
$$;

CREATE TEMPORARY VIEW line AS
SELECT 'extension' AS subject, format('%s %s %s %s', extversion, extowner::regrole, extnamespace::regnamespace, extrelocatable) AS told
FROM pg_extension WHERE extname = 'datasurface'
UNION ALL
SELECT 'dumped with its rows', format('%s where %s', c.relation::regclass, e.extcondition[c.place])
FROM pg_extension e, unnest(e.extconfig) WITH ORDINALITY c (relation, place) WHERE extname = 'datasurface'
UNION ALL
SELECT 'schema', format('%s %s', nspowner::regrole, pg_temp.sorted(nspacl)) FROM pg_namespace WHERE nspname = 'datasurface'
UNION ALL
SELECT 'relation', format('%s %s %s: %s', c.relname, c.relowner::regrole, pg_temp.sorted(c.relacl),
    pg_temp.told(to_jsonb(c), 'relkind', 'relpersistence', 'reloptions', 'relreplident', 'relam', 'reltablespace', 'relhastriggers',
                 'relhasrules', 'relchecks', 'relrowsecurity', 'relforcerowsecurity', 'relispartition', 'relhassubclass'))
FROM pg_class c WHERE c.relnamespace = 'datasurface'::regnamespace
UNION ALL
SELECT 'column', format('%s.%s is number %s, %s, default %s, %s: %s %s', c.relname, a.attname,
    row_number() OVER (PARTITION BY c.oid ORDER BY a.attnum), format_type(a.atttypid, a.atttypmod),
    pg_get_expr(d.adbin, d.adrelid), pg_temp.sorted(a.attacl),
    pg_temp.told(to_jsonb(a), 'attnotnull', 'attidentity', 'attgenerated', 'attstorage', 'attcompression', 'attcollation',
                 'attstattarget', 'attislocal'),
    -- minor versions since 15.20 number a column's version here
    (SELECT string_agg(option, ' ' ORDER BY option) FROM unnest(a.attoptions) option WHERE option NOT LIKE 'pg\_attver=%'))
FROM pg_attribute a JOIN pg_class c ON c.oid = a.attrelid LEFT JOIN pg_attrdef d ON (d.adrelid, d.adnum) = (a.attrelid, a.attnum)
WHERE c.relnamespace = 'datasurface'::regnamespace AND a.attnum > 0 AND NOT a.attisdropped
UNION ALL
SELECT 'constraint', format('%s of %s: %s, validated %s', conname, conrelid::regclass, pg_get_constraintdef(oid), convalidated)
FROM pg_constraint WHERE connamespace = 'datasurface'::regnamespace
UNION ALL
SELECT 'index', format('%s, valid %s', pg_get_indexdef(i.indexrelid), i.indisvalid)
FROM pg_index i JOIN pg_class c ON c.oid = i.indexrelid WHERE c.relnamespace = 'datasurface'::regnamespace
UNION ALL
SELECT 'sequence', format('%s: %s', s.seqrelid::regclass, to_jsonb(s) - 'seqrelid') FROM pg_sequence s JOIN pg_class c ON c.oid = s.seqrelid
WHERE c.relnamespace = 'datasurface'::regnamespace
UNION ALL
SELECT 'view', format('%s: %s', oid::regclass, pg_get_viewdef(oid)) FROM pg_class WHERE relnamespace = 'datasurface'::regnamespace AND relkind = 'v'
UNION ALL
SELECT 'function', format('%s %s %s', pg_get_functiondef(oid), proowner::regrole, pg_temp.sorted(proacl)) FROM pg_proc WHERE pronamespace = 'datasurface'::regnamespace
UNION ALL
SELECT 'type', format('%s %s %s', typname, typowner::regrole, pg_temp.sorted(typacl)) FROM pg_type WHERE typnamespace = 'datasurface'::regnamespace
UNION ALL
SELECT 'comment', format('%s: %s', pg_temp.named(classoid, objoid, objsubid), description)
FROM pg_description WHERE (classoid, objoid) IN (TABLE object)
UNION ALL
SELECT 'grants at its creation', format('%s: %s %s', pg_temp.named(classoid, objoid, objsubid), privtype, pg_temp.sorted(initprivs))
FROM pg_init_privs WHERE (classoid, objoid) IN (TABLE object)
UNION ALL
SELECT 'dependency', format('%s on %s: %s', pg_temp.named(classid, objid, objsubid), pg_temp.named(refclassid, refobjid, refobjsubid), deptype)
FROM pg_depend WHERE (classid, objid) IN (TABLE object) OR (refclassid, refobjid) IN (TABLE object)
UNION ALL
SELECT 'dependency on a role', format('%s on %s: %s', pg_temp.named(classid, objid, objsubid), pg_temp.named(refclassid, refobjid, 0), deptype)
FROM pg_shdepend WHERE dbid = (SELECT oid FROM pg_database WHERE datname = current_database()) AND (classid, objid) IN (TABLE object)
UNION ALL
SELECT 'security label', format('%s: %s %s', pg_temp.named(classoid, objoid, objsubid), provider, label) FROM pg_seclabel WHERE (classoid, objoid) IN (TABLE object)
UNION ALL
SELECT 'default privileges', format('%s %s %s', defaclrole::regrole, defaclobjtype, pg_temp.sorted(defaclacl)) FROM pg_default_acl
WHERE defaclnamespace IN (0, 'datasurface'::regnamespace)
UNION ALL
SELECT 'in a publication', prrelid::regclass::text FROM pg_publication_rel WHERE prrelid::regclass::text LIKE 'datasurface.%';

SELECT text FROM (SELECT replace(subject || ' ' || told, E'\n', ' ') FROM line) l (text) ORDER BY text COLLATE "C";
