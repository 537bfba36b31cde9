# What changes while reconcile looks or waits: by another call of it, or by a load. Reconcile reports nothing that was never so, and
# does nothing by a model that is not loaded any more.
use strict;
use warnings;

use Datasurface::StopPoints qw(start_node hold_stop_points let_go pause_at);
use IPC::Run;
use JSON::PP;
use PostgreSQL::Test::Cluster;
use PostgreSQL::Test::Utils;
use Test::More;

my $node = start_node('changes', settings => <<~CONF);
	max_prepared_transactions = 1
	client_min_messages = error
	statement_timeout = 120s
	CONF

sub sql { return $node->safe_psql('postgres', $_[0]); }

# A store whose dataset has these columns beside its key, and a workspace with these sinks of it.
sub load
{
	my (%model) = @_;
	my %dataset = (name => 'goods', description => 'd', primary_key => ['id'], ingestion => { kind => 'push' },
		milestoning => $model{milestoning} // 'live', columns => [ map { { name => $_, type => 'integer' } } 'id', @{ $model{columns} // [] } ]);
	my %store = (name => 'shop', description => 'd', datasets => [ \%dataset ], %{ $model{store} // {} });
	my %desk = (name => 'desk', description => 'd',
		groups => [ { name => 'g', sinks => [ map { { store => 'shop', dataset => 'goods', name => $_ } } @{ $model{sinks} // ['goods'] } ] } ]);
	my $document = JSON::PP->new->canonical->encode({ stores => [ \%store ], workspaces => [ \%desk ] });
	return sql("SELECT version FROM datasurface.ds_load_model(\$m\$$document\$m\$)");
}

my $reconcile = "SELECT object, error FROM datasurface.ds_reconcile_schema() WHERE action = 'failed' ORDER BY object;";

# Everything is as the model wants it, from nothing.
sub start_with
{
	my (%model) = @_;
	sql('DROP EXTENSION IF EXISTS datasurface CASCADE; DROP SCHEMA IF EXISTS shop, desk CASCADE; CREATE EXTENSION datasurface');
	load(%model);
	is(sql($reconcile), '', 'the tables and views are made');
	return;
}

my $sleeps = "FROM pg_stat_activity WHERE wait_event = 'PgSleep'";

# A session that has done this in its transaction, which stays open until release.
sub hold
{
	my ($done) = @_;
	my $session = IPC::Run::start([ 'psql', '-XAtq', '-d', $node->connstr('postgres'), map { ('-c', $_) } 'SET statement_timeout = 0', 'BEGIN', $done, 'SELECT pg_sleep(600)' ],
		'<', '/dev/null', '>&', \my $said);
	$node->poll_query_until('postgres', "SELECT count(*) = 1 $sleeps") or die 'nobody holds anything';
	return $session;
}

sub release
{
	my ($session) = @_;
	sql("SELECT pg_terminate_backend(pid) $sleeps");
	$session->finish;
	return;
}

# What a call of reconcile says that is paused at a stop point while something happens. held: what another session does before, and
# holds until then.
sub reconcile_while
{
	my ($point, $happens, $held) = @_;
	my $holder = $held && hold($held);
	hold_stop_points($node, 'changes');
	my $session = pause_at($node, $point, "SET datasurface.ddl_lock_timeout = '60s'; $reconcile");
	$happens->();
	release($holder) if $holder;
	let_go($node, 'changes');
	return $session->finish;
}

sub reconcile_too { is(sql($reconcile), '', 'the other call ends well'); return; }

# ---- another call of reconcile, after this one has looked at half of it -------------------------------------------------------

start_with(milestoning => 'milestoned', sinks => []);
is(reconcile_while('reconcile.inspecting', sub { load(milestoning => 'milestoned', sinks => [], columns => ['a']); reconcile_too() }),
	'', 'a function that another call replaced was not changed by hand');
start_with();
is(reconcile_while('reconcile.inspecting', sub { load(columns => ['a']); reconcile_too() }), '', 'nor was a view');

# ---- a load, while reconcile waits ------------------------------------------------------------------------------------------------

start_with();
load(sinks => [ 'goods', 'wares' ]);
is(reconcile_while('reconcile.waits', sub { load(sinks => [ 'goods', 'items' ]) }, 'LOCK TABLE shop.goods'),
	"\"desk\".\"wares\"|55P03: workspace \"desk\" was changed by a load meanwhile\n", 'a sink that left the workspace');
is(sql("SELECT to_regclass('desk.wares')"), '', '... gets no view');
is(sql($reconcile), '', '... and the next call makes what is wanted');

start_with(); # a view of the sink before would follow it to its new name
sql("CREATE ROLE reader; ALTER DEFAULT PRIVILEGES IN SCHEMA desk GRANT SELECT ON TABLES TO reader");
my $may_read = sub { return { consumers => [ { workspace => 'desk', readers => $_[0] } ] } };
load(store => $may_read->(['reader']), sinks => [ 'goods', 'wares' ]);
is(reconcile_while('reconcile.waits', sub { load(store => $may_read->([]), sinks => [ 'goods', 'wares' ]) }, 'LOCK TABLE shop.goods') =~ s/ by role.*//sr,
	'"desk"."wares"|42501: view "desk"."wares" could be read', 'a reader whom the store does not name any more');
is(sql("SELECT to_regclass('desk.wares')"), '', '... gets no view');
sql('DROP OWNED BY reader; DROP ROLE reader');

start_with();
load(columns => ['a']);
like(reconcile_while('reconcile.waits', sub { load(columns => ['a'], store => { consistency => 'single' }) }, 'LOCK TABLE shop.goods IN ACCESS SHARE MODE'),
	qr/^"shop"\."goods"\|55P03: store "shop" was changed by a load meanwhile$/m, 'a store whose dataset has another stream now');
is(sql("SELECT count(*) FROM pg_attribute WHERE attrelid = 'shop.goods'::regclass AND attname = 'a'"), '0', '... is left alone');
is(sql($reconcile), '', '... until the next call');

# ---- the former owner, while his tables get another one -----------------------------------------------------------------------------

sql('CREATE ROLE old; CREATE ROLE new; GRANT CREATE ON DATABASE postgres TO old, new');
start_with(milestoning => 'milestoned', store => { owner => 'old', consumers => [ { workspace => 'desk' } ] });
sql('GRANT USAGE, CREATE ON SCHEMA shop, desk TO old, new');
load(milestoning => 'milestoned', store => { owner => 'new', consumers => [ { workspace => 'desk' } ] });
like(reconcile_while('reconcile.executed', sub { sql(<<~'SQL') }), qr/^"shop"\."goods"\|SF004: "shop"\."goods_as_of"\(integer\) is not as ds_reconcile_schema made it/m,
	SET ROLE old;
	CREATE OR REPLACE FUNCTION shop.goods_as_of(batch integer) RETURNS SETOF shop.goods LANGUAGE plpgsql SECURITY DEFINER AS 'BEGIN END'
	SQL
	'a function that its owner replaced meanwhile');
is(sql("SELECT proowner::regrole FROM pg_proc WHERE proname = 'goods_as_of'"), 'old', '... goes to nobody');
sql('DROP FUNCTION shop.goods_as_of');
sql(<<~'SQL');
	CREATE FUNCTION shop.fires() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NULL; END';
	GRANT EXECUTE ON FUNCTION shop.fires TO old
	SQL
like(reconcile_while('reconcile.planned', sub { sql('SET ROLE old; CREATE TRIGGER t AFTER INSERT ON shop.goods_history EXECUTE FUNCTION shop.fires()') })
		. sql('SELECT reason FROM datasurface.ds_plan_schema() LIMIT 1'),
	qr/^code of others on it would run/, 'nor does a table to which a trigger came meanwhile');
is(sql("SELECT relowner::regrole FROM pg_class WHERE oid = 'shop.goods_history'::regclass"), 'old', '... it stays as it is');
sql('DROP TRIGGER t ON shop.goods_history');
is(sql($reconcile) . sql("SELECT DISTINCT relowner::regrole FROM pg_class WHERE relname ~ '^goods'"), 'new', 'the rest goes over');

# ---- somebody who is at a partition only ------------------------------------------------------------------------------------------------

start_with();
sql(<<~'SQL');
	DROP VIEW desk.goods;
	DROP TABLE shop.goods;
	CREATE TABLE shop.goods (ds_surf_batch_in integer NOT NULL, ds_surf_batch_out integer NOT NULL, id integer NOT NULL CONSTRAINT goods_pkey PRIMARY KEY) PARTITION BY RANGE (id);
	CREATE TABLE shop.low PARTITION OF shop.goods FOR VALUES FROM (MINVALUE) TO (0);
	SQL
is(sql($reconcile), '', 'a partitioned merge table');
load(columns => ['a']);
my $holder = hold('SELECT count(*) FROM shop.low');
like(sql("SET datasurface.ddl_lock_timeout = 0; $reconcile"), qr/^"shop"\."goods"\|55P03: "shop"\."goods" is locked by another transaction$/m,
	'a lock on a partition is found before anything is done');
release($holder);
is(sql($reconcile), '', 'it is done when the lock is gone');

$node->stop;
done_testing();
