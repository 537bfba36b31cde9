# A dump taken in the middle of batches, restored elsewhere, goes on: model, batches, run ids and numbers are there, no
# id is used twice, reconcile finds nothing to do, and open batches end as they would have ended at home.
use strict;
use warnings;

use Datasurface::Sql qw(sql_file);
use PostgreSQL::Test::Cluster;
use PostgreSQL::Test::Utils;
use Test::More;

my $node = PostgreSQL::Test::Cluster->new('dump');
$node->init;
$node->append_conf('postgresql.conf', "fsync = off\nlog_statement = none");
$node->start;
my $dump = "$PostgreSQL::Test::Utils::tmp_check/dump";

sub sql
{
	my ($sql, $database) = @_;
	return $node->safe_psql($database // 'home', $sql);
}

# SQLSTATE and message of a statement that must fail.
sub error_of
{
	my ($sql, $database) = @_;
	my $status = $node->psql($database, "\\set VERBOSITY verbose\n$sql", on_error_stop => 1, stderr => \my $message);
	return "it succeeded: $sql" if $status == 0;
	return $message =~ /ERROR:  (.*)/ ? $1 : $message;
}

# What the catalogs hold, all of it, and what people look at; sizes differ by place.
my @tables = map { "datasurface.$_" } qw(model_part model_version model_version_part store dataset workspace relation
	stream batch batch_dataset batch_run);
my @views = qw(datasurface.streams datasurface.batches datasurface.batch_datasets desk.orders desk.orders_full
	desk.lines
  push.orders push.orders_history push.lines pull.orders pull.orders_history pull.lines alone.orders_staging
	push.orders_staging pull.orders_staging);

sub contents
{
	my ($database, @relations) = @_;
	return join "\n", map { "$_: "
		. sql("SELECT md5(string_agg(t::text, chr(10) ORDER BY t::text COLLATE \"C\")), count(*) FROM $_ t",
		$database) } @relations;
}

sub comments
{
	my ($database) = @_;
	return sql(<<~SQL, $database);
		SELECT c.relnamespace::regnamespace::text, c.relname, d.objsubid, d.description, c.relacl, c.relowner::regrole,
			c.reloptions
		FROM pg_class c LEFT JOIN pg_description d ON d.objoid = c.oid AND d.classoid = 'pg_class'::regclass
		WHERE c.relnamespace::regnamespace::text IN ('push', 'pull', 'alone', 'desk') ORDER BY 1, 2, 3
		SQL
}

$node->safe_psql('postgres', 'CREATE ROLE keeper; CREATE ROLE watcher; CREATE DATABASE home');
$node->safe_psql('home', sql_file('invariants'));
# beside the stores of the invariants a store of single streams, a workspace, and what people granted
sql(<<~'SQL');
	CREATE FUNCTION model(extra json DEFAULT NULL) RETURNS text LANGUAGE sql AS $$
		SELECT json_build_object('stores', (SELECT json_agg(s) FROM (SELECT store('pull', 'pull') UNION ALL
			SELECT store('push', 'push')
			UNION ALL SELECT json_build_object('name', 'alone', 'description', 'alone', 'consistency', 'single',
				'owner', 'keeper',
				'operators', json_build_array('watcher'), 'consumers',
					'[{"workspace": "desk", "readers": ["watcher"]}]'::json, 'datasets',
				json_build_array(dataset('orders', 'milestoned', '[{"name": "id", "type": "integer"}]', 'push')))
			UNION ALL SELECT extra WHERE extra IS NOT NULL) stores(s)),
			'workspaces', json_build_array(json_build_object('name', 'desk', 'description', 'a desk', 'groups',
				json_build_array(
				json_build_object('name', 'all', 'description', 'all', 'sinks', json_build_array(
					json_build_object('store', 'push', 'dataset', 'orders'), json_build_object('store', 'push',
						'dataset', 'lines'),
					json_build_object('store', 'alone', 'dataset', 'orders', 'name', 'Orders of "alone"')))))))::text
	$$;
	SELECT version FROM datasurface.ds_load_model(model());
	SELECT count(*) FROM datasurface.ds_reconcile_schema();
	GRANT USAGE ON SCHEMA desk TO watcher;
	GRANT SELECT ON desk.orders TO watcher;
	GRANT EXECUTE ON FUNCTION datasurface.ds_require, datasurface.ds_start_batch TO watcher;
	SQL

sub committed_batch
{
	my ($n) = @_;
	sql("SELECT change_source($n); SELECT keep_image('push', $n); SELECT keep_image('pull', $n)");
	sql("SELECT datasurface.ds_start_batch('push', 'run $n'); SELECT push('push'); "
		. "SELECT datasurface.ds_ingest('push', $n); SELECT datasurface.ds_run('push', 'run $n')");
	sql("SELECT datasurface.ds_run('pull', 'run $n')");
}

committed_batch($_) foreach 1, 2;
# push is sealed, pull is staged in unlogged tables, alone is being filled; orders of another batch are waiting behind
# the seal
sql("SELECT change_source(3); SELECT keep_image('push', 3); SELECT keep_image('pull', 3)");
sql("SELECT datasurface.ds_start_batch('push', 'run 3'); SELECT push('push'); SELECT datasurface.ds_ingest('push', 3)");
sql("INSERT INTO push.orders_staging (id) VALUES (4711)");
is(sql("SET datasurface.pull = staged; SELECT datasurface.ds_run('pull', 'run 3', budget => '0')"), 'KEEP_WORKING', 'a pull is staged, and open');
sql("SELECT datasurface.ds_start_batch('alone#orders', 'run 1'); INSERT INTO alone.orders_staging (id) "
	. "VALUES (1), (2)");

$node->command_ok(['pg_dump', '--file', "$dump.sql", $node->connstr('home')], 'pg_dump as text');
$node->command_ok(['pg_dump', '--format=custom', '--no-unlogged-table-data', '--file', "$dump.custom",
	$node->connstr('home')],
	'pg_dump in custom format, without the rows of unlogged tables');
$node->safe_psql('postgres', 'CREATE DATABASE away; CREATE DATABASE emptied; CREATE DATABASE parallel');
$node->command_ok(['psql', '--no-psqlrc', '--quiet', '--set', 'ON_ERROR_STOP=1', '--single-transaction', '--file',
	"$dump.sql", $node->connstr('away')], 'restored by psql');
$node->command_ok(['pg_restore', '--exit-on-error', '--dbname', $node->connstr('emptied'), "$dump.custom"],
	'restored by pg_restore');
# An extension's tables are all there before the data, so nothing orders their rows: with workers they come in any
# order.
$node->command_ok(['pg_restore', '--exit-on-error', '--jobs=2', '--dbname', $node->connstr('parallel'), "$dump.custom"],
	'restored by pg_restore with two workers');

is(contents('away', @tables, @views), contents('home', @tables, @views), 'catalogs, data and views are the same');
is(comments('away'), comments('home'), 'comments, grants, owners and options are the same');
is(contents($_, @tables), contents('home', @tables), "$_: the catalogs are the same") foreach 'emptied', 'parallel';

sub goes_on
{
	my ($database) = @_;
	is(sql('SELECT * FROM datasurface.ds_reconcile_schema()', $database), '', "$database: reconcile takes no step");
	is(sql("SELECT version FROM datasurface.ds_load_model(model())", $database),
		sql("SELECT max(version) FROM datasurface.model_version"),
		"$database: the model is the one that was loaded");
	# runs that were done before the dump
	is(sql("SELECT datasurface.ds_require('push', 'run 2'), datasurface.ds_run('pull', 'run 1'), "
		. "datasurface.ds_start_batch('push', 'run 1')", $database),
		'2|DONE|1', "$database: run ids have their batches");
	# those that were open
	is(sql("SELECT datasurface.ds_run('push', 'run 3')", $database), 'DONE', "$database: the sealed batch is merged");
	is(sql("SELECT count(*) FROM differences('SELECT id, customer, amount FROM push.orders', image('push', 3, "
		. "'orders')) d WHERE d > 0", $database), '0',
		"$database: pushed rows are the source's");
	is(sql('SELECT id FROM push.orders_staging', $database), '4711', "$database: and the row that came later waits");
	is(sql("SELECT datasurface.ds_run('pull', 'run 3')", $database), 'DONE',
		"$database: the open pull is merged, pulled anew if its rows are gone");
	is(sql("SELECT sum(differences(format('SELECT id, customer, amount FROM pull.orders_as_of(%s)', b), image('pull', "
		. "b, 'orders'))) FROM generate_series(1, 3) b", $database),
		'0', "$database: as of each batch, pulled rows are the source's");
	is(sql("INSERT INTO alone.orders_staging (id) VALUES (3); SELECT datasurface.ds_ingest('alone#orders', 1, "
		. "rows => 3); SELECT datasurface.ds_run('alone#orders', 'run 1')", $database),
		"3\nDONE", "$database: the batch that was being filled is sealed with all its rows");
	# the next ones
	is(sql("SELECT datasurface.ds_run('pull', 'run 4'), datasurface.ds_require('pull', 'run 4')", $database), 'DONE|4',
		"$database: numbers go on");
	is(sql("SELECT count(*) = count(DISTINCT ds_surf_arrival) FROM (SELECT * FROM alone.orders_staging) s", $database),
		't', "$database: arrivals differ");
	sql("SELECT datasurface.ds_start_batch('push', 'run 4'); SELECT push('push')", $database);
	is(sql("SELECT (SELECT min(ds_surf_arrival) FROM push.orders_staging WHERE id <> 4711) > (SELECT ds_surf_arrival "
		. "FROM push.orders_staging WHERE id = 4711)", $database),
		't', "$database: arrivals go on above those that were there");
}

goes_on('away');
# the rows of unlogged tables were left out: the count does not fit, so the pull begins anew, and nothing is deleted
is(sql("SELECT count(*) FROM pull.orders_staging", 'emptied'), '0', 'emptied: nothing is staged');
goes_on($_) foreach 'emptied', 'parallel';

# ids of our own are never used twice
sql("SELECT version FROM datasurface.ds_load_model(model(store('later', 'pull'))); SELECT count(*) "
	. "FROM datasurface.ds_reconcile_schema(); SELECT datasurface.ds_run('later')", $_)
	foreach 'home', 'away';
for my $what ('store_id FROM datasurface.store', 'dataset_id FROM datasurface.dataset',
	'stream_id FROM datasurface.stream', 'version FROM datasurface.model_version',
	'workspace_id FROM datasurface.workspace')
{
	is(sql("SELECT string_agg(x::text, ' ' ORDER BY x) FROM (SELECT $what) t(x)", 'away'),
		sql("SELECT string_agg(x::text, ' ' ORDER BY x) FROM (SELECT $what) t(x)"),
		"ids go on as at home: $what");
}

# what was restored is as much ours as what was made here, and what was changed is told apart from it
is(sql("SET ROLE watcher; SELECT datasurface.ds_start_batch('alone#orders', 'run 1')", 'away'), '1',
	'an operator is one here too');
sql('CREATE OR REPLACE VIEW desk.lines AS SELECT id, item, price FROM push.lines LIMIT 1; '
	. 'ALTER FUNCTION push.orders_as_of SECURITY DEFINER', 'away');
is(sql("SELECT object, left(error, 5) FROM datasurface.ds_reconcile_schema() ORDER BY 1", 'away'),
	qq("desk"."lines"|SF004\n"push"."orders"|SF004), 'what was changed is reported');
like(error_of("SELECT datasurface.ds_ingest('alone#orders', 1)", 'away'), qr/^SF012/,
	'a batch that is done stays done');
is($node->psql('away', 'DROP EXTENSION datasurface', on_error_stop => 1), 0, 'the extension can be dropped');
is(sql('SELECT count(*) > 0 FROM desk.orders', 'away'), 't', 'and leaves data and views');

done_testing();
