-- The bridge's functions, in a schema of their own that each scene makes and drops.
\getenv library DATASURFACE_TEST_LIB
\set library :library '/bridge'
CREATE SCHEMA bridge;
GRANT USAGE ON SCHEMA bridge TO PUBLIC;
CREATE FUNCTION bridge.raise(kind text) RETURNS text LANGUAGE c AS :'library', 'bridge_raise';
CREATE FUNCTION bridge.raise_texts(message text, detail text, hint text) RETURNS text LANGUAGE c
    AS :'library', 'bridge_raise_texts';
CREATE FUNCTION bridge.raise_foreign() RETURNS text LANGUAGE c AS :'library', 'bridge_raise_foreign';
CREATE FUNCTION bridge.nested(depth integer, kind text) RETURNS void LANGUAGE c AS :'library', 'bridge_nested';
CREATE FUNCTION bridge.query(query text) RETURNS text LANGUAGE c AS :'library', 'bridge_query';
CREATE FUNCTION bridge.query_kept(query text, number integer DEFAULT NULL, text text DEFAULT NULL) RETURNS text LANGUAGE c
    AS :'library', 'bridge_query_kept';
CREATE FUNCTION bridge.alive() RETURNS integer LANGUAGE c AS :'library', 'bridge_alive';
CREATE FUNCTION bridge.fail_allocation(n integer) RETURNS bigint LANGUAGE c AS :'library', 'bridge_fail_allocation';
CREATE FUNCTION bridge.live_allocations() RETURNS bigint LANGUAGE c AS :'library', 'bridge_live_allocations';
CREATE FUNCTION bridge.handling() RETURNS boolean LANGUAGE c AS :'library', 'bridge_handling';
CREATE FUNCTION bridge.swallow(statement text) RETURNS text LANGUAGE c AS :'library', 'bridge_swallow';
CREATE FUNCTION bridge.swallow_thrown(sqlstate text, statement text) RETURNS text LANGUAGE c
    AS :'library', 'bridge_swallow_thrown';
CREATE FUNCTION bridge.swallow_many(times integer, statement text) RETURNS integer LANGUAGE c
    AS :'library', 'bridge_swallow_many';
CREATE FUNCTION bridge.swallow_twice(statement text) RETURNS text LANGUAGE c AS :'library', 'bridge_swallow_twice';
CREATE FUNCTION bridge.as_role(role text, statement text) RETURNS text LANGUAGE c AS :'library', 'bridge_as_role';
CREATE FUNCTION bridge.swallow_as_role(role text, statement text) RETURNS text LANGUAGE c
    AS :'library', 'bridge_swallow_as_role';
CREATE FUNCTION bridge.security() RETURNS integer LANGUAGE c AS :'library', 'bridge_security';
CREATE FUNCTION bridge.same_snapshot(query text, statement text) RETURNS text LANGUAGE c
    AS :'library', 'bridge_same_snapshot';
CREATE FUNCTION bridge.echo(value text, OUT bytes integer, OUT text text) LANGUAGE c AS :'library', 'bridge_echo';
CREATE FUNCTION bridge.echo_by_query(value text, OUT bytes integer, OUT text text) LANGUAGE c
    AS :'library', 'bridge_echo_by_query';
CREATE FUNCTION bridge.values(OUT is_null boolean, OUT a boolean, OUT b integer, OUT c bigint, OUT d text,
    OUT type_a text, OUT type_b text, OUT type_c text) RETURNS SETOF record LANGUAGE c AS :'library', 'bridge_values';
CREATE FUNCTION bridge.bad_row(OUT number integer, OUT more integer) RETURNS SETOF record LANGUAGE c
    AS :'library', 'bridge_bad_row';
CREATE FUNCTION bridge.define_setting(kind text) RETURNS integer LANGUAGE c AS :'library', 'bridge_define_setting';

-- Raises SQLSTATE and texts as asked.
CREATE FUNCTION bridge.complain(code text) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION USING ERRCODE = code, MESSAGE = 'a message', DETAIL = 'a detail', HINT = 'a hint';
END $$;

-- What a statement raises, as an EXCEPTION block sees it.
CREATE FUNCTION bridge.caught(statement text, OUT code text, OUT message text, OUT detail text, OUT hint text,
    OUT more text) LANGUAGE plpgsql AS $$
BEGIN
    EXECUTE statement;
EXCEPTION WHEN OTHERS OR query_canceled THEN
    GET STACKED DIAGNOSTICS code = RETURNED_SQLSTATE, message = MESSAGE_TEXT, detail = PG_EXCEPTION_DETAIL,
        hint = PG_EXCEPTION_HINT, more = CONSTRAINT_NAME;
END $$;
