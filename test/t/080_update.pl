# A database with 0.1.0 goes on under the files of this version, with the library of 0.1.0. ALTER EXTENSION UPDATE makes of it
# what a fresh installation is, object by object, keeps what people granted, and open batches go on.
use strict;
use warnings;

use PostgreSQL::Test::Cluster;
use PostgreSQL::Test::Utils;
use Test::More;
use Datasurface::Previous qw(start_node objects contents kept_rows);
use Datasurface::Sql qw(sql_file);

my $node = start_node('update');
my $dump = "$PostgreSQL::Test::Utils::tmp_check/dump";
my $version = $node->safe_psql('postgres', "SELECT default_version FROM pg_available_extensions WHERE name = 'datasurface'");

sub sql
{
	my ($sql, $database) = @_;
	return $node->safe_psql($database // 'home', $sql);
}

# What PostgreSQL knows of the extension in two databases, and what only one of them has.
sub same_objects
{
	my ($database, $other, $title) = @_;
	my @lines = map { [ split /\n/, objects($node, $_) ] } $database, $other;
	my %left;
	$left{$_}++ foreach @{ $lines[1] };
	my @only = grep { !$left{$_} || $left{$_}-- < 1 } @{ $lines[0] };
	is(join("\n", map({"$database: $_"} @only), map({"$other: $_"} sort grep { $left{$_} } keys %left)), '', $title);
	cmp_ok(scalar @{ $lines[0] }, '>', 500, "$database: it has objects");
}

# ---- a database with 0.1.0, in use -------------------------------------------------------------------------------------

sql('CREATE ROLE keeper; CREATE ROLE watcher; CREATE DATABASE home; CREATE DATABASE fresh', 'postgres');
# What an administrator adds: grants, and views of their own.
my $administrator = <<~'SQL';
	GRANT EXECUTE ON FUNCTION datasurface.ds_require, datasurface.ds_run TO watcher;
	GRANT EXECUTE ON FUNCTION datasurface.ds_batch_at TO watcher WITH GRANT OPTION;
	REVOKE EXECUTE ON FUNCTION datasurface.ds_batch_at FROM PUBLIC;
	GRANT SELECT ON datasurface.streams TO watcher;
	GRANT SELECT (stream, batch) ON datasurface.batches TO watcher;
	CREATE VIEW late AS SELECT stream, committed_at FROM datasurface.streams WHERE committed_at < now() - interval '1 day';
	SQL
# invariants.sql has push and pull, with a milestoned and a live dataset each; here are single streams, a workspace, and one that fails
my $model = <<~'SQL';
	CREATE FUNCTION model() RETURNS text LANGUAGE sql AS $$
		SELECT json_build_object('stores', (SELECT json_agg(s) FROM (
			SELECT store('pull', 'pull') UNION ALL SELECT store('push', 'push') UNION ALL SELECT store('failing', 'push')
			UNION ALL SELECT json_build_object('name', 'alone', 'description', 'alone', 'consistency', 'single', 'owner', 'keeper',
				'operators', json_build_array('watcher'), 'consumers', '[{"workspace": "desk", "readers": ["watcher"]}]'::json, 'datasets',
				json_build_array(dataset('orders', 'milestoned', '[{"name": "id", "type": "integer"}]', 'push')))) stores(s)),
			'workspaces', json_build_array(json_build_object('name', 'desk', 'description', 'a desk', 'groups', json_build_array(
				json_build_object('name', 'all', 'description', 'all', 'sinks', json_build_array(
					json_build_object('store', 'push', 'dataset', 'orders'), json_build_object('store', 'push', 'dataset', 'lines'),
					json_build_object('store', 'alone', 'dataset', 'orders', 'name', 'Orders of "alone"')))))))::text
	$$;
	SQL

# Batch n of push and pull, by their run ids.
sub committed_batch
{
	my ($n, $database) = @_;
	sql("SELECT change_source($n); SELECT keep_image('push', $n); SELECT keep_image('pull', $n)", $database);
	sql("SELECT datasurface.ds_start_batch('push', 'run $n'); SELECT push('push'); SELECT datasurface.ds_ingest('push', $n)", $database);
	return sql("SELECT datasurface.ds_run('push', 'run $n'), datasurface.ds_run('pull', 'run $n')", $database);
}

# 0.1.0 knows no brakes
my $invariants = sql_file('invariants') =~ s/^CREATE EXTENSION datasurface\K/ VERSION '0.1.0'/mr =~ s/'brakes', '[^']*'::json, //r;
sql($invariants . $administrator . $model);
sql('SELECT datasurface.ds_load_model(model()); SELECT datasurface.ds_reconcile_schema();');
is(sql("SELECT DISTINCT probin FROM pg_proc WHERE pronamespace = 'datasurface'::regnamespace"), 'datasurface', 'functions of 0.1.0 are in the library of 0.1.0');
is(committed_batch($_), 'DONE|DONE', "0.1.0 commits batch $_") foreach 1, 2;
sql("SELECT change_source(3); SELECT keep_image('push', 3); SELECT keep_image('pull', 3)");
sql("SELECT datasurface.ds_start_batch('push', 'run 3'); SELECT push('push'); SELECT datasurface.ds_ingest('push', 3)");
is(sql("SELECT datasurface.ds_run('pull', 'run 3', budget => '0')"), 'KEEP_WORKING', 'a pull is staged');
sql("SELECT datasurface.ds_start_batch('failing', 'run 1'); INSERT INTO failing.orders_staging (id) VALUES (1), (1); SELECT datasurface.ds_ingest('failing', 1)");
is(sql("SELECT datasurface.ds_run('failing', 'run 1')"), 'FAILED', 'a batch has failed');
sql("SELECT datasurface.ds_start_batch('alone#orders', 'run 1'); INSERT INTO alone.orders_staging (id) VALUES (1), (2)");
my @states = ('SELECT stream, batch, state FROM datasurface.batches ORDER BY 1, 2');
is(sql($states[0]), "alone#orders|1|started\nfailing|1|failed\npull|1|committed\npull|2|committed\npull|3|ingested\npush|1|committed\npush|2|committed\npush|3|ingested",
	'batches are in every state');
$node->command_ok(['pg_dump', '--file', "$dump.old", $node->connstr('home')], 'pg_dump of 0.1.0');

# ---- the update --------------------------------------------------------------------------------------------------------

my $changed = kept_rows($node, 'home');
my @data = qw(push.orders push.orders_history push.lines pull.orders pull.orders_history desk.orders desk.orders_full pull.orders_staging push.orders_staging);
my $data = contents($node, 'home', @data) =~ s/^datasurface.*\n//gmr;
sql('ALTER EXTENSION datasurface UPDATE');
sql("CREATE EXTENSION datasurface; $administrator", 'fresh');
same_objects('home', 'fresh', 'the updated extension is the fresh one, with its grants');
is(sql($changed), '', 'no row of the catalogs is lost or changed');
is(contents($node, 'home', @data) =~ s/^datasurface.*\n//gmr, $data, 'data and views are the same');

# ---- and on ------------------------------------------------------------------------------------------------------------

$node->command_ok(['pg_dump', '--file', "$dump.new", $node->connstr('home')], 'pg_dump of the updated database');
sql('CREATE DATABASE restored; CREATE DATABASE restored_old', 'postgres');
sub restored
{
	my ($file, $database) = @_;
	$node->command_ok(['psql', '-Xq', '--set', 'ON_ERROR_STOP=1', '--single-transaction', '--file', $file, $node->connstr($database)], "$database: restored");
	same_objects($database, 'fresh', "$database: the restored extension is the fresh one, with its grants");
}
restored("$dump.new", 'restored');
is(contents($node, 'restored', @data), contents($node, 'home', @data), 'restored: catalogs, data and views are the same');
restored("$dump.old", 'restored_old');

sub goes_on
{
	my ($database) = @_;
	is(sql(q{SELECT DISTINCT action FROM datasurface.ds_reconcile_schema() WHERE statement NOT LIKE '%SET (autovacuum\_%'}, $database),
		'', "$database: reconcile brings the staging tables what is new, and nothing else");
	is(sql('SELECT * FROM datasurface.ds_reconcile_schema()', $database), '', "$database: then it takes no step");
	is(sql(q{SELECT count(*) FROM datasurface.dataset WHERE in_model AND ((last_column_id, made_columns) IS DISTINCT FROM (jsonb_array_length(definition -> 'columns'),
		(SELECT jsonb_object_agg(n, c -> 'name') FROM jsonb_array_elements(definition -> 'columns') WITH ORDINALITY x(c, n)))
		OR jsonb_path_query_array(definition, '$.columns[*].id') <> (SELECT jsonb_agg(n) FROM generate_series(1, last_column_id) n))}, $database),
		'0', "$database: reconcile has given ids to the columns of the model");
	is(sql('SELECT version FROM datasurface.ds_load_model(model())', $database), '2', "$database: the model is the one that was loaded");
	is(sql("SELECT datasurface.ds_require('push', 'run 2'), datasurface.ds_run('pull', 'run 1'), datasurface.ds_start_batch('push', 'run 1')", $database),
		'2|DONE|1', "$database: run ids have their batches");
	is(sql("SELECT datasurface.ds_run('push', 'run 3'), datasurface.ds_run('pull', 'run 3')", $database), 'DONE|DONE', "$database: staged batches are merged");
	is(sql("SELECT datasurface.ds_run('failing', 'run 1'), datasurface.ds_reset_batch('failing', 1)", $database), 'FAILED|started', "$database: the failed one fails again, and is reset");
	is(sql("INSERT INTO failing.orders_staging (id) VALUES (1); SELECT datasurface.ds_ingest('failing', 1); SELECT datasurface.ds_run('failing', 'run 1')", $database),
		"1\nDONE", "$database: and ends well");
	is(sql("SET ROLE watcher; SELECT datasurface.ds_require('push', 'run 3')", $database), '3', "$database: a grant of the administrator's holds");
	is(sql("INSERT INTO alone.orders_staging (id) VALUES (3); SELECT datasurface.ds_ingest('alone#orders', 1, rows => 3)", $database), '3', "$database: the batch that was being filled is sealed");
	is(sql("SET ROLE watcher; SELECT datasurface.ds_run('alone#orders', 'run 1')", $database), 'DONE', "$database: and run by its operator");
	is(committed_batch(4, $database), 'DONE|DONE', "$database: batch numbers go on");
	is(sql("SELECT sum(differences(format('SELECT id, customer, amount FROM %I.orders_as_of(%s)', s, b), image(s, b, 'orders')))
		FROM unnest(ARRAY['push', 'pull']) s, generate_series(1, 4) b", $database), '0', "$database: as of each batch, before and after, rows are the source's");
}

goes_on($_) foreach 'home', 'restored', 'restored_old';

is(sql("ALTER EXTENSION datasurface UPDATE; SELECT extversion FROM pg_extension WHERE extname = 'datasurface'"), $version, 'another update finds nothing to do');
is($node->psql('home', 'DROP EXTENSION datasurface', on_error_stop => 1), 3, 'views of the administrator hold the extension');
is(sql("DROP EXTENSION datasurface CASCADE; SELECT count(*) FROM pg_namespace WHERE nspname = 'datasurface'"), '0', 'and without them it can be dropped');

done_testing();
