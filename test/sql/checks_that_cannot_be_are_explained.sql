-- Conditions of checks, and references, are tried when a model is validated: what does not parse, is more than one expression,
-- or could read or write what it should not, is an error with its place. In a database of its own.
\set SHOW_CONTEXT never
SELECT current_database() AS regress_database \gset
CREATE DATABASE mistakes_checks;
\c mistakes_checks
CREATE EXTENSION datasurface;
CREATE ROLE regress_checks_owner;
GRANT CREATE ON DATABASE mistakes_checks TO regress_checks_owner;
CREATE SCHEMA help;
GRANT USAGE ON SCHEMA help TO regress_checks_owner;
CREATE TABLE help.written (n integer);
CREATE FUNCTION help.writes(n integer) RETURNS boolean LANGUAGE sql AS 'INSERT INTO help.written VALUES (n) RETURNING true';
CREATE FUNCTION help.is_even(n integer) RETURNS boolean LANGUAGE sql IMMUTABLE AS 'SELECT n % 2 = 0';
CREATE FUNCTION help.procedural(n integer) RETURNS boolean LANGUAGE plpgsql STABLE AS 'BEGIN RETURN true; END';
REVOKE EXECUTE ON FUNCTION initcap(text) FROM PUBLIC;

CREATE FUNCTION tell(dataset jsonb) RETURNS text LANGUAGE sql AS $$
    SELECT coalesce(string_agg(concat_ws(E'\n    ', format('%s %s at %s', severity, code, pointer), message, hint),
        E'\n' ORDER BY pointer, code, message), 'no problem')
    FROM datasurface.ds_validate_model(jsonb_build_object('stores', jsonb_build_array(jsonb_build_object('name', 'crm',
        'description', 'd', 'owner', 'regress_checks_owner', 'datasets', jsonb_build_array(
        '{"name": "customers", "description": "d", "ingestion": {"kind": "push"}, "primary_key": ["id"],
          "columns": [{"name": "id", "type": "integer"}, {"name": "name", "type": "text"},
            {"name": "code", "type": "varchar(3)"}, {"name": "parent", "type": "bigint"}, {"name": "point", "type": "point"}]}'
        || dataset))))::text)
$$;
CREATE FUNCTION condition(condition text) RETURNS text LANGUAGE sql AS $$
    SELECT tell(jsonb_build_object('checks', jsonb_build_array(jsonb_build_object('name', 'c', 'condition', condition))))
$$;
CREATE FUNCTION reference(reference jsonb) RETURNS text LANGUAGE sql AS $$
    SELECT tell(jsonb_build_object('references', jsonb_build_array('{"name": "r", "dataset": "customers"}' || reference)))
$$;
\pset format unaligned
\pset tuples_only on

-- in order
SELECT condition('id > 0 AND name IS NOT NULL');
SELECT condition('id > 0 -- a remark');
SELECT condition(E'name <> '')'' /* a remark */');
SELECT condition('help.is_even(id)');
SELECT condition('parent > 0 AND 1 / id = 1');
-- not one expression
SELECT condition('id >');
SELECT condition(E'id > 0 AND\n  name = = ''a''');
SELECT condition('id > 0;');
SELECT condition('id > 0; DROP TABLE help.written');
SELECT condition('true) OR (true');
SELECT condition('id > 0 /* not closed');
SELECT condition('id > 0, true');
SELECT condition('id > 0 AS positive');
SELECT condition('true FROM help.written');
SELECT condition('true UNION SELECT false');
SELECT condition('DISTINCT true');
SELECT condition('*');
SELECT condition('name = ''it is');
SELECT condition('id > $1');
-- not a condition of a row
SELECT condition('id');
SELECT condition('idd > 0');
SELECT condition('customers.id > 0');
SELECT condition('count(*) > 0');
SELECT condition('row_number() OVER () > 0');
SELECT condition('generate_series(1, id) > 0');
SELECT condition('id IN (SELECT n FROM help.written)');
SELECT condition('EXISTS (SELECT)');
SELECT condition('name > 1');
SELECT condition('1 / 0 = 1');
-- what it may not do
SELECT condition('help.writes(id)');
SELECT condition('random() > id');
SELECT condition('initcap(name) = name');
SELECT condition('help.procedural(id)');
SELECT condition('help.nothing(id)');
SELECT * FROM help.written;

-- references
SELECT reference('{"columns": ["id"]}');
SELECT reference('{"columns": ["name"], "to": ["code"]}');
SELECT reference('{"columns": ["parent"]}');
SELECT reference('{"columns": ["point"], "to": ["point"]}');
-- errors of a condition are errors of the load
\set VERBOSITY terse
SELECT datasurface.ds_load_model('{"stores": [{"name": "crm", "description": "d", "datasets": [{"name": "d", "description": "d",
    "ingestion": {"kind": "push"}, "primary_key": ["id"], "columns": [{"name": "id", "type": "integer"}],
    "checks": [{"name": "c", "condition": "id >"}]}]}]}'); -- fails
-- roles that decide
SELECT severity, code, pointer, message, hint FROM datasurface.ds_validate_model('{"stores": [{"name": "crm",
    "description": "d", "release": ["regress_checks_owner", "regress_checks_nobody"], "datasets": []}]}')
    WHERE severity = 'error';

\c :regress_database
DROP DATABASE mistakes_checks;
DROP ROLE regress_checks_owner;
