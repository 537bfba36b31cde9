-- ds_validate_model tells all problems of a document at once, each with its place, and changes nothing.
-- Syntax errors come with line and column, and alone, for nothing behind them can be read.
SELECT severity, pointer, code, message, hint FROM datasurface.ds_validate_model($${
  "stores": [
    {"name": "a", "description": "d",
     "datasets": [],,
$$);
SELECT pointer, code, message FROM datasurface.ds_validate_model('');
SELECT pointer, code, message FROM datasurface.ds_validate_model('[]');
SELECT pointer, code, message FROM datasurface.ds_validate_model('{"stores": [] } x');
SELECT pointer, code, message FROM datasurface.ds_validate_model(E'{\n "größe": tru}');
SELECT count(*) FROM datasurface.ds_validate_model(NULL); -- fails
SELECT * FROM datasurface.ds_load_model(NULL); -- fails
SELECT count(*) AS problems FROM datasurface.ds_validate_model('{"stores": []}', replace => false);

\x
SELECT * FROM datasurface.ds_validate_model($${
  "stors": [],
  "format": 2,
  "stores": [
    {"name": "validate", "description": "d", "owner": "regress_nobody_of_that_name", "consistency": "many",
        "datasets": [
      {"name": "t", "ingestion": {"kind": "sql_snapshot", "query": "DELETE FROM x"}, "primary_key": ["id", "nope", "j"],
       "milestoning": "forever", "duplicate_keys": "first", "fillfactor": 5,
       "columns": [{"name": "id", "type": "intger"}, {"name": "id", "type": "text", "nullable": "yes"},
                   {"name": "j", "type": "json"}, {"name": "n"}]},
      {"name": "t", "description": "d", "ingestion": {"kind": "cdc"}, "primary_key": [], "columns": []}]},
    {"name": "validate", "description": "d", "datasets": [{}]}],
  "workspaces": [
    {"name": "w", "description": "d", "groups": [{"name": "g", "sinks": [
      {"store": "validat", "dataset": "t"}, {"store": "validate", "dataset": "u"},
          {"store": "validate", "dataset": "u"}]}]}]
}$$, replace => false) ORDER BY pointer COLLATE "C", code, message;
\x
-- the same from ds_load_model is one error, with a line each of the errors, and loads nothing
SELECT count(*) AS before FROM datasurface.model_version \gset
SELECT * FROM datasurface.ds_load_model($${"stores": [{"name": "validate", "datasets": [
  {"name": "t", "ingestion": {"kind": "push"}, "primary_key": ["x"], "columns": [{"name": "id", "type": "nil"}]}]}]}$$,
  replace => false); -- fails
\echo :SQLSTATE
SELECT * FROM datasurface.ds_load_model('{', replace => false); -- fails
SELECT count(*) = :before AS nothing_loaded FROM datasurface.model_version;
SELECT count(*) FROM datasurface.store WHERE name = 'validate';
