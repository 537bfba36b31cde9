# The view alarms shows which session, prepared transaction, slot or standby holds VACUUM back, which session keeps a stream, and
# settings that do not hold. It is tried with thresholds of nothing, for nobody waits for hours.
use strict;
use warnings;

use Datasurface::Sql qw(sql_file);
use Datasurface::StopPoints qw(start_node);
use IPC::Run;
use PostgreSQL::Test::Cluster;
use PostgreSQL::Test::Utils;
use Test::More;

my $node = start_node('watched', allows_streaming => 1, settings => <<~CONF);
	max_connections = 12
	max_prepared_transactions = 1
	max_locks_per_transaction = 20
	wal_receiver_status_interval = 1s
	autovacuum = on
	CONF
sub sql { my ($sql) = @_; return $node->safe_psql('postgres', $sql) }

sub alarms
{
	my ($kind, $view) = @_;
	$view //= 'soon';
	return sql("SET ROLE watcher; SELECT severity, stream, since <= now(), regexp_replace(message, 'session \\d+', 'session N'),
		regexp_replace(help, '\\d+', 'N') FROM $view WHERE kind = '$kind' ORDER BY 4");
}

# A session that does this, and then nothing.
sub session
{
	my ($server, $sql) = @_;
	my $self = { in => "$sql\n\\echo did\n", out => '' };
	$self->{run} = IPC::Run::start([ 'psql', '-XAtq', '-d', $server->connstr('postgres') ], '<', \$self->{in}, '>&', \$self->{out});
	for (1 .. 600)
	{
		return $self if $self->{out} =~ /^did$/m;
		$self->{run}->pump_nb;
		select undef, undef, undef, 0.05;
	}
	die "the session does not get on: $self->{out}";
}

sql(sql_file('scene') . <<~'SQL');
	RESET check_function_bodies;
	CREATE EXTENSION datasurface;
	CREATE ROLE watcher IN ROLE pg_monitor;
	CREATE SCHEMA source;
	CREATE TABLE source.t AS SELECT 1 AS id;
	CALL scene.make(scene.store('shop', scene.dataset('orders', query => 'TABLE source.t')));
	SQL
# as the view is, but for the thresholds
sql(<<~'SQL');
	SELECT format('CREATE VIEW soon AS %s', replace(replace(replace(pg_get_viewdef('datasurface.alarms'),
		$$'01:00:00'$$, $$'00:00:00'$$), $$'04:00:00'$$, $$'00:00:00'$$), '1000000', '-1')) \gexec
	GRANT SELECT ON soon TO watcher;
	SQL
is(alarms('stuck') . alarms('vacuum_held'), '', 'nothing is there to be told');

# ---- sessions --------------------------------------------------------------------------------------------------------

my $caller = session($node, "BEGIN; SELECT datasurface.ds_run('shop');");
my $of = 'warning||t|the transaction of session N of postgres keeps VACUUM from removing dead rows|SELECT pg_terminate_backend(N)';
is(alarms('stuck'), 'warning|shop|t|session N of postgres has called a function and not committed|SELECT pg_terminate_backend(N)',
	'a session keeps the stream');
is(alarms('vacuum_held'), $of, 'and holds VACUUM back');
is(alarms($_, 'datasurface.alarms'), '', "$_: neither is old") foreach 'stuck', 'vacuum_held';
sql("SELECT pg_terminate_backend(substring(message FROM 'session (\\d+)')::integer) FROM soon WHERE kind = 'stuck'");
$caller->{run}->kill_kill;
$node->poll_query_until('postgres', "SELECT count(*) = 0 FROM soon WHERE kind IN ('stuck', 'vacuum_held')");
is(alarms('stuck') . alarms('vacuum_held'), '', 'until it is ended');

sql('CREATE DATABASE elsewhere');
my $other = session($node, "\\c elsewhere\nBEGIN ISOLATION LEVEL REPEATABLE READ; SELECT 1;");
is(alarms('vacuum_held'), '', 'a session in another database holds nothing back here');
$other->{run}->kill_kill;

# a call within a subtransaction, as in a block with EXCEPTION
sql("SELECT datasurface.ds_start_batch('shop'); SELECT pg_sleep(0.01)");
is(alarms('stuck'), 'warning|shop|t|begun, and no session works on it|SELECT datasurface.ds_run(\'shop\')', 'a batch is begun');
$caller = session($node, "BEGIN; SAVEPOINT s; SELECT datasurface.ds_ingest('shop', 1);");
is(alarms('stuck'), 'warning|shop|t|session N of postgres has called a function and not committed|SELECT pg_terminate_backend(N)',
	'a session works on it');
$caller->{run}->kill_kill;
$node->poll_query_until('postgres', 'SELECT count(*) = 0 FROM soon WHERE message LIKE \'session %\'');

sql("BEGIN; SELECT datasurface.ds_run('shop'); PREPARE TRANSACTION 'half done'");
is(alarms('stuck'), '', 'a batch in a prepared transaction is not stuck');
is(alarms('vacuum_held'), "warning||t|prepared transaction half done of postgres keeps VACUUM from removing dead rows|ROLLBACK PREPARED 'half done'",
	'but the transaction holds VACUUM back');
is(alarms('vacuum_held', 'datasurface.alarms'), '', 'it is not old');
sql(sql("SELECT help FROM soon WHERE kind = 'vacuum_held'"));
is(alarms('vacuum_held'), '', 'until it is ended');

# ---- standbys --------------------------------------------------------------------------------------------------------

sql("SELECT pg_create_physical_replication_slot('spare')");
$node->backup('base');
my $standby = PostgreSQL::Test::Cluster->new('standby');
$standby->init_from_backup($node, 'base', has_streaming => 1);
$standby->append_conf('postgresql.conf', "hot_standby_feedback = on");
$standby->start;
my $held = "SELECT count(*) = 1 FROM soon WHERE kind = 'vacuum_held'";
$node->poll_query_until('postgres', $held) or die 'the standby gives no feedback';
my $there = 'on the standby: SELECT pid FROM pg_stat_activity ORDER BY age(backend_xmin) DESC NULLS LAST LIMIT N';
like(alarms('vacuum_held'), qr/^warning\|\|\|standby standby, by hot_standby_feedback, keeps VACUUM from removing dead rows of the last -?\d+ transactions\|\Q$there\E$/,
	'a standby that gives feedback');
is(sql("SELECT count(*) FROM soon WHERE kind = 'stuck'"), '1', 'a batch is stuck');
$node->wait_for_catchup($standby);
is($standby->safe_psql('postgres', "SELECT count(*) FROM soon WHERE kind = 'stuck'"), '0', 'a standby cannot know');
$standby->append_conf('postgresql.conf', "primary_slot_name = 'spare'");
$standby->restart;
$node->poll_query_until('postgres', "$held AND message LIKE '%slot%'") or die 'the slot holds nothing';
like(alarms('vacuum_held'), qr/^warning\|\|\|replication slot spare keeps VACUUM from removing dead rows of the last -?\d+ transactions; a query on its standby is as old\|\Q$there\E$/,
	'with a slot');
$standby->stop;
$node->poll_query_until('postgres', "$held AND message LIKE '%nobody%'") or die 'the slot is still used';
like(alarms('vacuum_held'), qr/^warning\|\|\|replication slot spare keeps VACUUM .*; nobody uses the slot\|SELECT pg_drop_replication_slot\('spare'\)$/,
	'of a standby that went away');
is(alarms('vacuum_held', 'datasurface.alarms'), '', 'neither is old');
sql(sql("SELECT help FROM soon WHERE kind = 'vacuum_held'"));
is(alarms('vacuum_held'), '', 'until it is dropped');

# ---- settings --------------------------------------------------------------------------------------------------------

my $fsync = 'error|||fsync is off: a crash of the machine may leave a database that cannot be used|ALTER SYSTEM SET fsync = on; SELECT pg_reload_conf()';
is(alarms('setting', 'datasurface.alarms'), $fsync, 'fsync');
$node->append_conf('postgresql.conf', "fsync = on\nautovacuum = off\nfull_page_writes = off");
$node->reload;
$node->poll_query_until('postgres', "SELECT current_setting('fsync') = 'on'");
is(alarms('setting'), <<~TEXT =~ s/\n$//r, 'others');
	error|||autovacuum is off: dead rows of each batch stay|ALTER SYSTEM SET autovacuum = on; SELECT pg_reload_conf()
	error|||full_page_writes is off: a crash of the machine may leave pages that are torn|ALTER SYSTEM SET full_page_writes = on; SELECT pg_reload_conf()
	TEXT
$node->append_conf('postgresql.conf', "fsync = off\nautovacuum = on\nfull_page_writes = on");
$node->restart;

# 20 * (12 + 1) = 260 locks are sure
sub make
{
	my ($datasets, $sinks) = @_;
	return sql(<<~SQL);
		SELECT scene.list(scene.dataset('t' || i, query => 'TABLE source.t')) AS datasets FROM generate_series(1, $datasets) i \\gset
		SELECT array_agg('large.t1 as v' || i) AS sinks FROM generate_series(1, $sinks) i \\gset
		CALL scene.make(scene.store('large', :'datasets'), scene.workspace('desk', :'sinks'));
		SELECT count(*) FROM datasurface.ds_reconcile_schema() WHERE action = 'failed';
		SQL
}
is(make(52, 43), '0', 'as many as there is room for');
is(alarms('setting'), $fsync, 'is nothing to be told');
is(make(53, 44), '0', 'one more of each');
is(sql("SELECT severity, stream, message, help FROM datasurface.alarms WHERE message LIKE 'max_locks%' ORDER BY 3"), <<~TEXT =~ s/\n$//r, 'is');
	warning|large|max_locks_per_transaction has room for 260 locks, and a batch of large needs 265|ALTER SYSTEM SET max_locks_per_transaction = 31
	warning||max_locks_per_transaction has room for 260 locks, and a reconcile of desk needs 264|ALTER SYSTEM SET max_locks_per_transaction = 31
	TEXT
$node->stop;
done_testing();
