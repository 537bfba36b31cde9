# Columns are added to many datasets while their views are read all the time: no reader meets a deadlock, and every
# column arrives. A model that is loaded while reconcile waits for a reader is the one that is carried out.
use strict;
use warnings;

use Datasurface::StopPoints qw(start_node hold_stop_points let_go pause_at);
use IPC::Run;
use PostgreSQL::Test::Cluster;
use PostgreSQL::Test::Utils;
use Test::More;

my ($datasets, $additions) = (8, 20);

my $node = start_node('readers', settings => <<~CONF);
	max_prepared_transactions = 1
	deadlock_timeout = 50ms
	datasurface.ddl_lock_timeout = 100ms
	client_min_messages = error
	CONF

sub sql { return $node->safe_psql('postgres', $_[0]); }

# the model with so many more columns
sub load_columns { return "SELECT version FROM datasurface.ds_load_model(model($datasets, $_[0]))"; }

sql(<<~'SQL');
	CREATE EXTENSION datasurface;
	CREATE FUNCTION model(datasets integer, more integer) RETURNS text LANGUAGE sql BEGIN ATOMIC
		SELECT json_build_object('stores', json_build_array(json_build_object('name', 'crm', 'description', 'd',
			'consistency', 'single', 'datasets',
				(SELECT json_agg(json_build_object('name', 't' || i, 'description', 'd', 'primary_key',
					json_build_array('id'), 'milestoning', 'milestoned',
					'ingestion', json_build_object('kind', 'push'), 'columns',
						(SELECT json_agg(json_build_object('name', CASE c WHEN 0 THEN 'id' ELSE 'c' || c END, 'type',
							'integer'))
						FROM generate_series(0, more) c))) FROM generate_series(1, datasets) i))),
			'workspaces', (SELECT json_agg(json_build_object('name', w, 'description', 'd', 'groups',
				json_build_array(json_build_object('name', 'g', 'sinks',
				(SELECT json_agg(json_build_object('store', 'crm', 'dataset', 't' || i)) FROM generate_series(1,
					datasets) i))))) FROM unnest(ARRAY['desk', 'office']) w))::text;
	END;
	CREATE SCHEMA own;
	SQL
sql(load_columns(0));
is(sql("SELECT count(*) FROM datasurface.ds_reconcile_schema() WHERE action = 'failed'"), '0', 'the tables are made');
sql(join ' ', map { "CREATE VIEW own.t$_ AS SELECT id FROM desk.t$_ UNION ALL SELECT id "
	. "FROM office.t${_}_full;" } 1 .. $datasets);

# ---- readers that never stop -----------------------------------------------------------------------------------------

my $folder = $node->basedir;
my %scripts = (
	plain => sub { "SELECT count(*), max(id) FROM desk.t$_[0];\n" },
	full => sub { "SELECT count(*), max(id) FROM office.t$_[0]_full;\n" },
	own => sub { "SELECT count(*) FROM own.t$_[0];\n" },
	two => sub { "BEGIN;\nSELECT count(*) FROM office.t$_[0];\nSELECT count(*) FROM desk.t" . ($_[0] % $datasets + 1)
		. "_full;\nCOMMIT;\n" });
foreach my $name (sort keys %scripts)
{
	append_to_file("$folder/$name.sql", join '', map { $scripts{$name}->($_) } 1 .. $datasets);
}
my @readers = map {
	my $mode = $_;
	my $said = '';
	my $run = IPC::Run::start([ 'pgbench', '-n', '-T', '600', '-c', '2', '-M', $mode,
		(map { ('-f', "$folder/$_.sql") } sort keys %scripts),
		$node->connstr('postgres') ], '<', '/dev/null', '>&', \$said);
	{ run => $run, said => \$said, mode => $mode };
} qw(simple prepared);

my $calls = 0;
foreach my $more (1 .. $additions)
{
	sql(load_columns($more));
	foreach my $try (1 .. 20)
	{
		$calls++;
		last if sql("SELECT count(*) FROM datasurface.ds_reconcile_schema() WHERE action = 'failed'") eq '0';
	}
}
note("$calls calls for $additions columns");
foreach my $reader (@readers)
{
	ok($reader->{run}->pumpable, "readers ($reader->{mode}) are still there");
	$reader->{run}->kill_kill;
	unlike(${ $reader->{said} }, qr/ERROR|aborted/, "nothing happened to readers ($reader->{mode})");
}
unlike(slurp_file($node->logfile), qr/deadlock detected/, 'no deadlock');
is(sql("SELECT DISTINCT count(*) FROM pg_attribute a JOIN pg_class c ON c.oid = a.attrelid JOIN pg_namespace n "
	. "ON n.oid = c.relnamespace
	WHERE n.nspname IN ('desk', 'office') AND c.relname !~ 'full' AND a.attnum > 0 GROUP BY c.oid"), $additions + 1,
		'every column is in every view');
is(sql('SELECT count(*) FROM datasurface.datasets WHERE reconciled'), $datasets, 'all datasets are reconciled');
is(sql('SELECT count(*) FROM datasurface.ds_reconcile_schema()'), '0', 'nothing is left to do');

# ---- a model that is loaded meanwhile --------------------------------------------------------------------------------

# Reconcile and a load refuse each other when they meet, so the load comes while reconcile waits, when it holds nothing.
sql(load_columns($additions + 1));
my $said = '';
# Nothing is done while all views are being read, so no stream is kept from the load.
my $reader = IPC::Run::start([ 'psql', '-XAtq', '-d', $node->connstr('postgres'), map { ('-c', $_) } 'BEGIN',
	(map { "SELECT count(*) FROM desk.t$_" } 1 .. $datasets), 'SELECT pg_sleep(600)' ],
	'<', '/dev/null', '>&', \$said);
my $reads = "FROM pg_stat_activity WHERE wait_event = 'PgSleep'";
$node->poll_query_until('postgres', "SELECT count(*) > 0 $reads") or die 'the reader does not read';
hold_stop_points($node, 'load');
my $reconcile = pause_at($node, 'reconcile.waits', "SET datasurface.ddl_lock_timeout = '600s';
	SELECT count(*) FROM datasurface.ds_reconcile_schema() WHERE action = 'failed';");
sql(load_columns($additions + 2));
sql("SELECT pg_terminate_backend(pid) $reads");
$reader->finish;
let_go($node, 'load');
is($reconcile->finish, "0\n", 'reconcile ends well');
is(sql('SELECT count(*) FROM datasurface.datasets WHERE reconciled'), $datasets,
	'what was loaded meanwhile is what was done, and what is recorded');
is(sql("SELECT DISTINCT count(*) FROM pg_attribute a JOIN pg_class c ON c.oid = a.attrelid JOIN pg_namespace n "
	. "ON n.oid = c.relnamespace
	WHERE n.nspname IN ('crm') AND c.relname ~ '^t[0-9]+\$' AND a.attnum > 0 GROUP BY c.oid"), $additions + 5,
		'in every table');
is(sql('SELECT count(*) FROM datasurface.ds_reconcile_schema()'), '0', 'nothing is left to do');

# ---- autovacuum goes out of the way, as it does for a queue ----------------------------------------------------------

sql("INSERT INTO crm.t1 SELECT 1, 2147483647, i FROM generate_series(1, 50000) i; UPDATE crm.t1 SET c1 = 1;
	ALTER TABLE crm.t1 SET (autovacuum_vacuum_cost_delay = 100, autovacuum_vacuum_cost_limit = 1,
		autovacuum_vacuum_threshold = 1)");
sql(load_columns($additions + 3));
$node->append_conf('postgresql.conf', "autovacuum = on\nautovacuum_naptime = 1s");
$node->reload;
$node->poll_query_until('postgres',
	"SELECT count(*) > 0 FROM pg_stat_activity WHERE backend_type = 'autovacuum worker' AND query ~ 'crm\\.t1( |\$)'")
	or die 'autovacuum does not come';
is(sql("SET datasurface.ddl_lock_timeout = '60s'; SELECT count(*) FROM datasurface.ds_reconcile_schema() "
	. "WHERE action = 'failed'"), '0', 'reconcile ends well');
like(slurp_file($node->logfile), qr/canceling autovacuum task/, 'autovacuum was told to go');

# ---- more than the table of locks has room for -----------------------------------------------------------------------

$node->append_conf('postgresql.conf', "max_connections = 10\nmax_locks_per_transaction = 10");
$node->restart;
$datasets = 600;
sql(load_columns($additions + 3));
my (undef, undef, $full) = $node->psql('postgres', 'SELECT count(*) FROM datasurface.ds_reconcile_schema()',
	on_error_stop => 0);
like($full, qr/ERROR: +the server's table of locks is full\nDETAIL: /, 'a full table of locks is named');
like($full, qr/HINT: +CALL datasurface\.ds_reconcile\(\);.*max_locks_per_transaction/,
	'it says what can be done');
sql('CALL datasurface.ds_reconcile(chunk => 5)');
is(sql('SELECT count(*) FROM datasurface.ds_plan_schema()'), '0', '... which does it');

$node->stop;
done_testing();
