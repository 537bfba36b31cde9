# A call of ds_reconcile dies between and within its transactions, by the end of its backend, by a crash of the server and by the
# server being stopped at once, and is cancelled. The same call then does what is left, and nothing twice. Calls on one store wait for
# each other; calls on different stores do not.
use strict;
use warnings;

use Datasurface::Sql qw(sql_file);
use Datasurface::StopPoints qw(start_node die_at come_back hold_stop_points let_go pause_at);
use PostgreSQL::Test::Utils;
use Test::More;

my $node = start_node('dies', settings => <<~CONF);
	max_prepared_transactions = 1
	client_min_messages = error
	statement_timeout = 120s
	CONF

sub sql { return $node->safe_psql('postgres', $_[0]); }

sql(sql_file('scene'));
sql(<<~'SQL');
	CREATE FUNCTION store(name text, columns text) RETURNS jsonb LANGUAGE sql AS $$
		SELECT scene.store(name, (SELECT scene.list(scene.dataset('t' || i, columns, milestoned => i % 2 = 0))
			FROM generate_series(1, 5) i)) $$;
	CREATE FUNCTION desk(name text) RETURNS jsonb LANGUAGE sql AS $$
		SELECT scene.workspace(name || '_desk', ARRAY(SELECT name || '.t' || i FROM generate_series(1, 5) i)) $$;
	SQL

sub load_model
{
	my ($columns) = @_;
	return sql("SELECT version FROM datasurface.ds_load_model(scene.model(store('shop', '$columns') || store('twin', '$columns'),
		desk('shop') || desk('twin')))");
}

# The relations of a store and its workspace, with their columns and comments.
sub relations
{
	my ($name) = @_;
	return sql("SELECT c.relnamespace::regnamespace, c.relname, c.relkind, obj_description(c.oid), a.attname, a.atttypid::regtype, col_description(c.oid, attnum)
		FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid
		WHERE c.relnamespace::regnamespace::text IN ('$name', '${name}_desk') AND a.attnum > 0 ORDER BY 1, c.relname, a.attnum")
		=~ s/$name/store/gr;
}

my $call = "CALL datasurface.ds_reconcile('shop', chunk => 2)";
my $done = "FROM datasurface.operations WHERE store = 'shop' AND outcome = 'done'";

# Once all is done: no less than without a death, and nothing twice.
sub whole_ok
{
	my ($what) = @_;
	is(relations('shop'), relations('twin'), "$what: the same as undisturbed");
	is(sql("SELECT count(*) FROM datasurface.ds_plan_schema(store => 'shop')"), '0', "$what: nothing is left");
	is(sql("SELECT count(*) FROM (SELECT statement $done AND operation > (SELECT coalesce(max(last), 0) FROM phase)
		GROUP BY statement HAVING count(*) > 1) x"), '0', "$what: nothing was done twice");
	return;
}

sub start_phase
{
	my ($columns) = @_;
	load_model($columns);
	sql("INSERT INTO phase SELECT coalesce(max(operation), 0) FROM datasurface.operations; CALL datasurface.ds_reconcile('twin')");
	return;
}

my @actions = qw(terminate kill stop);
my @points = qw(reconcile.executed reconcile.recorded reconcile.committed);

foreach my $action (@actions)
{
	foreach my $point (@points)
	{
		my $what = "$action at $point";
		sql('DROP EXTENSION IF EXISTS datasurface CASCADE; DROP SCHEMA IF EXISTS shop, shop_desk, twin, twin_desk CASCADE;
			DROP TABLE IF EXISTS phase; CREATE TABLE phase (last bigint); CREATE EXTENSION datasurface');
		start_phase('id integer');
		is(die_at($node, $point, $action, "$call;"), 2, "$what: dies");
		come_back($node, $action);
		my $tables = $point eq 'reconcile.committed' ? 't1' : '';
		is(sql("SELECT string_agg(dataset, ' ') FROM datasurface.datasets WHERE store = 'shop' AND reconciled"), $tables,
			"$what: what is committed");
		is(die_at($node, 'reconcile.executed', $action, "$call;"), 2, "$what: ... the next call too") if $tables;
		come_back($node, $action) if $tables;
		sql($call);
		whole_ok("$what, new tables");
	}
	start_phase('id integer, v text');
	is(die_at($node, 'reconcile.executed', $action, "$call;"), 2, "$action of a change: dies");
	come_back($node, $action);
	sql($call);
	whole_ok("$action of a change");
}

# ---- a cancel ----------------------------------------------------------------------------------------------------------

start_phase('id integer, v text, w text');
hold_stop_points($node, 'cancel');
my $session = pause_at($node, 'reconcile.committed', "$call;");
sql("SELECT pg_cancel_backend($session->{pid})");
like($session->finish, qr/canceling statement due to user request/, 'a call is cancelled after its first transaction');
let_go($node, 'cancel');
is(sql("SELECT count(DISTINCT dataset) $done AND operation > (SELECT max(last) FROM phase)"), '1', '... which stays done');
sql($call);
whole_ok('a call that was cancelled');

# ---- side by side ------------------------------------------------------------------------------------------------------

load_model('id integer, v text, w text, x text');
sql('INSERT INTO phase SELECT max(operation) FROM datasurface.operations');
hold_stop_points($node, 'side by side');
my $first = pause_at($node, 'reconcile.executed', "SET datasurface.ddl_lock_timeout = '60s'; $call;");
sql("CALL datasurface.ds_reconcile('twin')");
is(sql("SELECT bool_and(reconciled) FROM datasurface.datasets WHERE store = 'twin'"), 't', 'another store is not in the way');
my $second = IPC::Run::start([ 'psql', '-XAtq', '-d', $node->connstr('postgres'), '-c', "SET datasurface.ddl_lock_timeout = '60s'", '-c', $call ], '<', '/dev/null', '>&', \my $said);
ok($node->poll_query_until('postgres', "SELECT count(*) = 1 FROM pg_locks WHERE locktype = 'object' AND classid = 'datasurface.store'::regclass AND mode = 'ExclusiveLock'
	AND NOT granted"), 'a second call on the same store waits');
my (undef, undef, $gave_up) = $node->psql('postgres', "SET datasurface.ddl_lock_timeout = '1ms'; $call");
like($gave_up, qr/store "shop" is reconciled by another call|55P03/, '... but no longer than ddl_lock_timeout');
let_go($node, 'side by side');
is($first->finish, '', 'the first call ends well');
$second->finish;
is($said, '', '... and the second');
whole_ok('two calls on one store');

done_testing();
