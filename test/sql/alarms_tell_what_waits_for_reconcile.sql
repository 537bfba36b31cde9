-- The view alarms has a row for each store whose tables do not follow the model: at once when they did, after an hour
-- when they are new. In a database of its own, for the view shows every store that there is.
SELECT current_database() AS regress_database \gset
CREATE DATABASE alarms_tell_what_waits;
\c alarms_tell_what_waits
CREATE EXTENSION datasurface;
CREATE VIEW alarm AS SELECT severity, stream, dataset, now() - since < '1 hour' AS recent, message, help
    FROM datasurface.alarms WHERE kind = 'unreconciled';
CREATE FUNCTION hours_pass() RETURNS void LANGUAGE sql
    AS $$ UPDATE datasurface.model_version SET loaded_at = loaded_at - interval '61 minutes' $$;
CREATE FUNCTION shop(columns text) RETURNS jsonb LANGUAGE sql
    AS $$ SELECT scene.store('shop', scene.dataset('orders', columns) || scene.dataset('goods')) $$;

-- what a load has just brought is no alarm; what nobody has reconciled for an hour is
SELECT scene.load(scene.model(shop('id integer, note text')
    || scene.store('one''s', scene.dataset('a'), '{"consistency": "single"}')));
TABLE alarm;
SELECT hours_pass();
SELECT * FROM alarm ORDER BY message;
CALL datasurface.ds_reconcile();
TABLE alarm;

-- tables that were as the model says, and are no longer: at once, until they are again
SELECT scene.load(scene.model(shop('id integer, note text, total numeric')));
TABLE alarm;
SELECT help AS alarm_help FROM alarm \gset
SELECT action, class FROM (:alarm_help) plan;
BEGIN;
CALL scene.make(shop('id integer, note text'));
TABLE alarm;
ROLLBACK;
-- a new dataset is counted with it
SELECT scene.load(scene.model(scene.store('shop',
    scene.dataset('orders', 'id integer, note text, total numeric') || scene.dataset('goods')
        || scene.dataset('new'))));
TABLE alarm;
-- the load that changed the store last counts, not later ones of others
SELECT hours_pass();
SELECT scene.load(scene.model(scene.store('other', scene.dataset('a'))));
TABLE alarm;
CALL datasurface.ds_reconcile();
TABLE alarm;

-- a step that is not allowed waits
SELECT scene.load(scene.model(shop('id integer, total numeric')));
CALL datasurface.ds_reconcile('shop');
TABLE alarm;
CALL datasurface.ds_reconcile('shop', allow => '{lossy}');
TABLE alarm;
-- what needs no step of the tables is none, and a dataset that has left neither
SELECT scene.load(scene.model(scene.store('shop',
    scene.dataset('orders', 'id integer, total numeric', more => '{"description": "new"}'))));
TABLE alarm;

\c :regress_database
DROP DATABASE alarms_tell_what_waits;
