# All of a session that a call could change, as lines of text that can be compared.
package Datasurface::Session::Facts;

use strict;
use warnings;
use Exporter qw(import);

our @EXPORT_OK = qw(facts changes prologue transaction epilogue);

# Queries with one column each, in the words of pg_catalog, since search_path is one of the facts.
my @facts = (
	[ setting => q{SELECT name || ' = ' || setting || ' by ' || source FROM pg_catalog.pg_settings} ],
	[ user => q{SELECT pg_catalog.concat_ws(' ', current_user, session_user, pg_catalog.current_setting('role'))} ],
	[ portal => q{SELECT pg_catalog.concat_ws(' ', name, is_holdable, is_scrollable, statement) FROM pg_catalog.pg_cursors WHERE name <> ''} ],
	[ prepared => q{SELECT pg_catalog.concat_ws(' ', name, statement) FROM pg_catalog.pg_prepared_statements} ],
	[ temporary => q{SELECT relname FROM pg_catalog.pg_class WHERE relnamespace = pg_catalog.pg_my_temp_schema()
		UNION ALL SELECT 'type ' || typname FROM pg_catalog.pg_type WHERE typnamespace = pg_catalog.pg_my_temp_schema()
		UNION ALL SELECT 'function ' || proname FROM pg_catalog.pg_proc
			WHERE pronamespace = pg_catalog.pg_my_temp_schema()
		UNION ALL SELECT 'operator ' || oprname FROM pg_catalog.pg_operator
			WHERE oprnamespace = pg_catalog.pg_my_temp_schema()} ],
	[ advisory => q{SELECT pg_catalog.concat_ws(' ', classid, objid, objsubid, mode) FROM pg_catalog.pg_locks
		WHERE locktype = 'advisory' AND pid = pg_catalog.pg_backend_pid() AND database <> 0} ],
	[ channel => q{SELECT pg_catalog.pg_listening_channels()} ],
	[ path => q{SELECT pg_catalog.array_to_string(pg_catalog.current_schemas(true), ' ')} ],
	[ sequence => q{SELECT pg_catalog.currval('app.own')::text} ],
);

# SQL for psql, which prints them after a name.
sub facts
{
	my ($name) = @_;
	return join '', map { "SELECT '\@$name $_->[0] ' || f.fact FROM ($_->[1]) AS f(fact) ORDER BY 1;\n" } @facts;
}

sub facts_of
{
	my ($name, $output) = @_;
	return map { /^\@\Q$name\E (.*)/ ? $1 : () } split /\n/, $output;
}

# From one to the other: what is gone, and what has come.
sub changes
{
	my ($output, $before, $after) = @_;
	my %times;
	$times{$_}-- for facts_of($before, $output);
	$times{$_}++ for facts_of($after, $output);
	return join "\n", map { $times{$_} > 0 ? "+ $_" : $times{$_} < 0 ? "- $_" : () } sort keys %times;
}

# What a session has of its own before it calls.
sub prologue
{
	my ($first) = @_;
	return <<~SQL;
		SET client_min_messages = error;
		-- libraries bring their settings when they are used first
		SELECT datasurface.ds_batch_at('good', '2000-01-01');
		DO 'BEGIN END';
		SELECT pg_catalog.nextval('app.own');
		$first
		CREATE TEMP TABLE mine_temporary (a integer);
		PREPARE mine AS SELECT 1;
		LISTEN mine;
		SELECT pg_catalog.pg_advisory_lock(11), pg_catalog.pg_advisory_lock_shared(1, 2);
		DECLARE held CURSOR WITH HOLD FOR SELECT 'held ' || i FROM pg_catalog.generate_series(1, 3) AS i;
		SET work_mem = '5MB';
		SET search_path = app, public;
		SET DateStyle = 'German';
		SET TimeZone = 'Asia/Tokyo';
		SET lock_timeout = '7s';
		SET row_security = on;
		SET extra_float_digits = 0;
		SET client_encoding = 'LATIN1';
		SQL
}

# ... and of its transaction. Rows of app.child wait for app.parent.
sub transaction
{
	return <<~SQL;
		BEGIN;
		SET LOCAL IntervalStyle = 'sql_standard';
		SET LOCAL search_path = app, pg_catalog;
		SELECT pg_advisory_xact_lock(13);
		DECLARE mine CURSOR FOR SELECT 'mine ' || i FROM generate_series(1, 3) AS i;
		FETCH mine;
		SET CONSTRAINTS app.child_refers DEFERRED;
		INSERT INTO app.child VALUES (1);
		SAVEPOINT s;
		SQL
}

# By behaviour: what waits still waits, what comes now waits too, and no restriction of a call is left.
sub epilogue
{
	return <<~SQL;
		\\echo \@fetched
		FETCH ALL FROM mine;
		\\echo \@
		INSERT INTO app.child VALUES (2);
		\\echo \@deferred :SQLSTATE
		INSERT INTO app.parent VALUES (1), (2);
		SET CONSTRAINTS ALL IMMEDIATE;
		\\echo \@checked :SQLSTATE
		CREATE TEMP TABLE later (a integer) ON COMMIT DROP;
		\\echo \@restricted :SQLSTATE
		DELETE FROM app.child;
		DELETE FROM app.parent;
		COMMIT;
		SQL
}

1;
