-- The worked example of README.md, statement by statement, in a database of its own, for a newcomer starts with an empty
-- one. test/lint/check_readme_example.pl holds the README to the output.
SELECT current_database() AS regress_database \gset
CREATE DATABASE readme_example;
\c readme_example

CREATE EXTENSION datasurface;

CREATE SCHEMA erp;
CREATE TABLE erp.clients (id integer PRIMARY KEY, name text NOT NULL, country text);
INSERT INTO erp.clients VALUES (1, 'Ada', 'GB'), (2, 'Blaise', 'FR'), (3, 'Carl', 'DE');

SELECT * FROM datasurface.ds_load_model($model$
{
    "stores": [
        {
            "name": "crm",
            "description": "clients of the ERP system, read from this database",
            "datasets": [
                {
                    "name": "customers",
                    "description": "one row per customer",
                    "ingestion": {"kind": "sql_snapshot", "query": "SELECT id, name, country FROM erp.clients"},
                    "milestoning": "milestoned",
                    "brakes": {"deletes": {"percent": 50}},
                    "primary_key": ["id"],
                    "columns": [
                        {"name": "id", "type": "integer"},
                        {"name": "name", "type": "text", "nullable": false},
                        {"name": "country", "type": "text", "description": "ISO 3166, two letters"}
                    ]
                }
            ]
        },
        {
            "name": "shop",
            "description": "the web shop, which sends a file every night",
            "datasets": [
                {
                    "name": "orders",
                    "description": "one row per order",
                    "ingestion": {"kind": "push"},
                    "primary_key": ["id"],
                    "columns": [
                        {"name": "id", "type": "bigint"},
                        {"name": "customer", "type": "integer"},
                        {"name": "total", "type": "numeric(12,2)", "description": "euro, with tax"}
                    ]
                }
            ]
        }
    ],
    "workspaces": [
        {
            "name": "analytics",
            "description": "what the analysts read",
            "groups": [
                {
                    "name": "sales",
                    "sinks": [
                        {"store": "crm", "dataset": "customers"},
                        {"store": "shop", "dataset": "orders"}
                    ]
                }
            ]
        }
    ]
}
$model$);

SELECT object, action FROM datasurface.ds_reconcile_schema() WHERE action = 'create';

SELECT datasurface.ds_run('crm', run_id => 'monday');
SELECT * FROM analytics.customers ORDER BY id;

UPDATE erp.clients SET country = 'CH' WHERE id = 1;
DELETE FROM erp.clients WHERE id = 3;
SELECT datasurface.ds_run('crm', run_id => 'tuesday');

INSERT INTO erp.clients VALUES (3, 'Carl', 'DE');
SELECT datasurface.ds_run('crm', run_id => 'wednesday');

SELECT batch, staged, inserted, updated, deleted, unchanged
FROM datasurface.batch_datasets WHERE stream = 'crm' ORDER BY batch;

SELECT * FROM analytics.customers_full ORDER BY id, ds_surf_batch_in;

SELECT id, name, country FROM crm.customers_as_of(2) ORDER BY id;

DELETE FROM erp.clients WHERE id > 1;
SELECT datasurface.ds_run('crm', run_id => 'thursday');
SELECT batch, held_because FROM datasurface.batches WHERE stream = 'crm' AND state = 'held';
SELECT dataset, change, total, sample, column_name, old_value FROM datasurface.ds_preview_batch('crm', 4, rows => 1);
SELECT datasurface.ds_discard_batch('crm', 4, reason => 'the ERP system was still loading');

INSERT INTO erp.clients VALUES (2, 'Blaise', 'FR'), (3, 'Carl', 'DE');
SELECT datasurface.ds_run('crm', run_id => 'thursday');
SELECT datasurface.ds_require('crm', run_id => 'thursday');

SELECT datasurface.ds_start_batch('shop', run_id => 'monday');
INSERT INTO shop.orders_staging (id, customer, total)
VALUES (501, 1, 20.00), (502, 2, 35.50), (502, 2, 35.50);
SELECT datasurface.ds_ingest('shop', 1, rows => 3);
SELECT datasurface.ds_run('shop', run_id => 'monday');
SELECT datasurface.ds_require('shop', run_id => 'monday'); -- fails

SELECT datasurface.ds_reset_batch('shop', 1);
INSERT INTO shop.orders_staging (id, customer, total) VALUES (501, 1, 20.00), (502, 2, 35.50);
SELECT datasurface.ds_ingest('shop', 1, rows => 2);
SELECT datasurface.ds_run('shop', run_id => 'monday');
SELECT datasurface.ds_require('shop', run_id => 'monday');

SELECT c.name, sum(o.total) AS total
FROM analytics.orders o JOIN analytics.customers c ON c.id = o.customer
GROUP BY c.name ORDER BY c.name;

SELECT stream, open_batch, open_state, committed_batch FROM datasurface.streams ORDER BY stream;

\c :regress_database
DROP DATABASE readme_example;
