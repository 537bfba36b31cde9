-- What follows from a member that could not be read is not reported: neither a change of tables that exist, nor a part
-- that seems to leave the model.
CREATE FUNCTION pg_temp.model(dataset text) RETURNS text LANGUAGE sql AS $$
    SELECT '{"stores": [{"name": "faults", "description": "d", "datasets": [{"name": "t", "description": "d", '
        || dataset || '}]}]}'
$$;
CREATE FUNCTION pg_temp.problems(document text) RETURNS SETOF text LANGUAGE sql AS $$
    SELECT concat_ws(' ', severity, pointer, code || ':', message, '-> ' || hint)
        FROM datasurface.ds_validate_model(document, replace => false)
$$;
\set good '"primary_key": ["id"], "ingestion": {"kind": "push"}, "columns": [{"name": "id", "type": "bigint"}, {"name": "label", "type": "text"}]'
SELECT count(*) AS loaded FROM datasurface.ds_load_model(pg_temp.model(:'good'), replace => false);
SELECT count(*) FILTER (WHERE action = 'failed') AS failed FROM datasurface.ds_reconcile_schema('faults');
SELECT pg_temp.problems(pg_temp.model(:'good'));

-- misspelled, left out, of another kind
SELECT pg_temp.problems(pg_temp.model(replace(:'good', 'primary_key', 'primarykey')));
SELECT pg_temp.problems(pg_temp.model(replace(:'good', '["id"]', '["idd"]')));
SELECT pg_temp.problems(pg_temp.model(replace(:'good', ', "type": "text"', '')));
SELECT pg_temp.problems(pg_temp.model(replace(:'good', '"type": "text"', '"typ": "text"')));
SELECT pg_temp.problems(pg_temp.model(replace(:'good', '"type": "text"', '"typ": "integer"')));
SELECT pg_temp.problems(pg_temp.model(replace(:'good', '"name": "label"', '"name": 5')));
SELECT pg_temp.problems(pg_temp.model(replace(:'good', '"push"', '"pull"')));
SELECT pg_temp.problems(pg_temp.model(:'good' || ', "milestoning": "scd2"'));
SELECT pg_temp.problems(replace(pg_temp.model(:'good'), '"description": "d", "datasets"',
    '"description": "d", "schema": 7, "datasets"'));
SELECT pg_temp.problems('{"stores": [{"name": "faults", "description": "d", "datasets": {"t": {}}}]}');
-- what is read is compared
SELECT pg_temp.problems(pg_temp.model(replace(:'good', '"text"', '"integer"')));

-- a store whose name cannot be read may be one of those that are loaded, so none of them seems to leave
SELECT severity, pointer, code, message
    FROM datasurface.ds_validate_model(replace(pg_temp.model(:'good'), '"name": "faults"', '"name": null'));
-- a clash with a table that exists is one line
SELECT pg_temp.problems(replace(pg_temp.model(:'good'), '"name": "faults"', '"name": "faults_2", "schema": "faults"'));
CREATE SCHEMA faults_3;
CREATE TABLE faults_3.t ();
CREATE TABLE faults_3.t_staging ();
SELECT pg_temp.problems(replace(pg_temp.model(:'good'), '"name": "faults"', '"name": "faults_3"'));
DROP TABLE faults_3.t, faults_3.t_staging;
DROP SCHEMA faults_3;
