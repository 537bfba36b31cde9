# What the view merge_progress shows of a merge that stands still at each of its stop points: where it is and how far,
# to those who may see it, and nothing any more when the merge is over, however it ended.
use strict;
use warnings;

use Datasurface::StopPoints qw(start_node hold_stop_points let_go pause_at);
use PostgreSQL::Test::Utils;
use Test::More;

# Staging is truncated, so that it begins with living rows in every batch.
my $node = start_node('progress', settings => <<~CONF);
	max_prepared_transactions = 2
	datasurface.truncate_threshold = 64kB
	datasurface.merge_engine = native
	datasurface.merge_workers = 0
	CONF

sub sql { return $node->safe_psql('postgres', $_[0]); }

sub fill
{
	my ($batch, $query) = @_;
	return sql("SELECT datasurface.ds_start_batch('shop'); INSERT INTO shop.\"Orders_staging\" (id, label) $query;
		SELECT datasurface.ds_ingest('shop', $batch)");
}

sql(<<~'SQL');
	CREATE EXTENSION datasurface;
	CREATE ROLE loader LOGIN;
	CREATE ROLE monitor IN ROLE pg_monitor;
	CREATE ROLE nobody;
	GRANT EXECUTE ON FUNCTION datasurface.ds_merge_staging TO loader;
	SELECT version FROM datasurface.ds_load_model('{"stores": [{"name": "shop", "description": "d", "operators": ["loader"], "datasets": [{"name": "Orders",
		"description": "d", "primary_key": ["id"], "milestoning": "milestoned", "ingestion": {"kind": "push"},
		"columns": [{"name": "id", "type": "integer"}, {"name": "label", "type": "text"}]}]},
		{"name": "desk", "description": "d", "datasets": [{"name": "last", "description": "d", "primary_key": ["id"],
			"duplicate_keys": "last",
		"ingestion": {"kind": "push"}, "columns": [{"name": "id", "type": "integer"}]}]}]}');
	SELECT count(*) FROM datasurface.ds_reconcile_schema();
	SQL

my ($merging, $blocks);
my $look = 'SELECT relation, stream, dataset, batch, phase, blocks_total, blocks_done, rows_total, rows_done, '
	. 'changes_total, changes_done,
	spilled_bytes, workers FROM datasurface.merge_progress';
my $none = 'SELECT count(*) FROM datasurface.merge_progress';

# Looks while the merge stands at a point; what it writes is rolled back.
sub seen_at
{
	my ($point, $query, %options) = @_;
	# what was rolled back has left its pages
	$blocks = sql("ANALYZE shop.\"Orders\"; SELECT (pg_relation_size('shop.\"Orders\"') + "
		. "pg_relation_size('shop.\"Orders_staging\"')) / 8192");
	hold_stop_points($node, 'pause');
	my $session = pause_at($node, $point, ($options{before} // '') . "BEGIN; $merging; ROLLBACK;",
		user => $options{user});
	my $seen = ref $query ? $query->() : sql($query);
	let_go($node, 'pause');
	$options{said} //= '60000';
	like($session->finish, qr/^\Q$options{said}\E/, "$point: the merge goes on");
	return $seen;
}

# ---- the first load --------------------------------------------------------------------------------------------------

fill(1, "SELECT i, 'label ' || i FROM generate_series(1, 60000) i");
$merging = "SELECT inserted + unchanged FROM datasurface.ds_merge_staging('shop', 1)";
is(sql($none), '0', 'nothing is shown before');
like(seen_at('merge.loading', "$look WHERE rows_done = changes_done AND rows_done < 60000"),
	qr/^shop\."Orders"\|shop\|Orders\|1\|loading\|\|\|60000\|[1-9]\d*\|60000\|[1-9]\d*\|0\|0$/, 'loading');
sql($merging);

# ---- a batch with changes --------------------------------------------------------------------------------------------

# 1000 vanish, 300 change, 50 are new; in an order that has nothing to do with that of the merge table
fill(2, "SELECT i, 'label ' || i || CASE WHEN i <= 1300 THEN ' changed' ELSE '' END "
	. "FROM generate_series(1001, 60050) i ORDER BY md5(i::text)");
$merging = "SELECT inserted + updated + deleted + unchanged - 50 FROM datasurface.ds_merge_staging('shop', 2)";
my ($begin, $rows) = ('shop."Orders"|shop|Orders|2|', 59050 + 60000);

# All of both tables has been read.
sub compared
{
	my ($phase, $rest) = @_;
	return "$begin$phase|$blocks|$blocks|$rows|$rows|$rest";
}

my ($phase, $all, $done, $all_rows, $done_rows, $rest) = split /\|/,
	substr(seen_at('merge.comparing', $look), length $begin), 6;
is("$phase|$all|$all_rows|$rest", "comparing tables|$blocks|$rows||0|0|0", 'comparing');
cmp_ok($done, '>', 0, 'some blocks are done');
cmp_ok($done, '<', $blocks, 'and not all');
cmp_ok($done_rows, '>', 0, 'some rows are done');
cmp_ok($done_rows, '<', $rows / 2, 'and not all');
is(seen_at('merge.joining', $look), compared('comparing tables', '|0|0|0'), 'compared, and nothing spilled');
is(seen_at('merge.compared', $look), compared('confirming changes', '300|300|0|0'), 'confirming');
is(seen_at('merge.deleted', $look), compared('deleting', '1350|1000|0|0'), 'deleting');
is(seen_at('merge.updated', $look), compared('updating', '1350|1300|0|0'), 'updating');
is(seen_at('merge.inserted', $look), compared('inserting', '1350|1350|0|0'), 'inserting');
is(seen_at('merge.applied', $look), '', 'the call goes on, the merge is over: nothing');
is(sql($none), '0', 'nothing is shown afterwards');

my $spilling = "SET datasurface.merge_work_mem = '1MB'; ";
like(seen_at('merge.joining', $look, before => $spilling),
	qr/^\Q${\compared('joining spilled rows', '|0|')}\E[1-9]\d{4,}\|0$/, 'joining what was spilled');
like(seen_at('merge.inserted', $look, before => $spilling), qr/\|inserting\|.*\|1350\|1350\|[1-9]\d{4,}\|0$/,
	'what was spilled stays known');

sql('INSERT INTO desk.last_staging (id) SELECT 1 FROM datasurface.ds_start_batch($$desk$$) UNION ALL VALUES (1), (2); '
	. 'SELECT datasurface.ds_ingest($$desk$$, 1)');
my $shop = $merging;
$merging = "SELECT inserted + 59998 FROM datasurface.ds_merge_staging('desk', 1)";
is(seen_at('merge.finding_duplicates',
	'SELECT relation, phase, changes_total, changes_done FROM datasurface.merge_progress'),
	'desk.last|finding duplicate keys||0', 'where later rows of a key win');
$merging = $shop;

# ---- who sees it -----------------------------------------------------------------------------------------------------

sub seen_by
{
	my ($role) = @_;
	$node->psql('postgres', "SET ROLE $role; SELECT pid > 0, datname, relation, stream, dataset, batch, phase, "
		. "coalesce(relid, blocks_total, blocks_done,
		rows_total, rows_done, changes_total, changes_done, spilled_bytes, workers) IS NOT NULL
			FROM datasurface.merge_progress",
		stdout => \my $out, stderr => \my $error);
	return $out . ($error =~ /(permission denied for \w+ \w+)/ ? $1 : $error);
}

sql('CREATE DATABASE elsewhere TEMPLATE postgres'); # the merge table's number is there too
seen_at('merge.deleted', sub {
	my $details = 't|postgres|shop."Orders"|shop|Orders|2|deleting|t';
	my $views = join ' UNION ALL ',
		map { "SELECT pid FROM pg_stat_progress_$_" } qw(vacuum analyze cluster create_index basebackup copy);
	is(sql($views), '', 'the views of the server do not show it');
	is(seen_by('monitor'), $details, 'a monitor sees it all');
	is(seen_by('nobody'), 'permission denied for view merge_progress', 'nobody else does');
	sql('GRANT SELECT ON datasurface.merge_progress TO nobody, loader');
	is(seen_by('nobody'), 'permission denied for function ds_merge_progress', 'nor by the view alone');
	sql('GRANT EXECUTE ON FUNCTION datasurface.ds_merge_progress TO nobody, loader');
	is(seen_by('nobody'), 't|postgres||||||f', 'who may look but not at sessions of others sees no details');
	is(seen_by('loader'), $details, 'one sees the details of one\'s own sessions');
	is($node->safe_psql('elsewhere',
		"SELECT datname, relid IS NOT NULL, relation, stream, dataset, batch, phase FROM datasurface.merge_progress"),
		'postgres|t||||2|deleting', 'from another database the table has no name');
}, user => 'loader');

# ---- how it ends -----------------------------------------------------------------------------------------------------

# What the session itself sees right after its merge failed.
sub after
{
	my ($way, $settings, $statement, $expected) = @_;
	$node->psql('postgres', "$settings; $statement; $none;", stdout => \my $out,
		stderr => \my $error, on_error_stop => 0);
	like("$out\n$error", $expected, "$way: nothing is shown");
	return;
}

after('an error', "SET datasurface.stop_action = 'error'; SET datasurface.stop_at = 'merge.deleted'", $merging,
	qr/^0\n.*ERROR:  out of memory/s);
sql('ALTER TABLE shop."Orders" ADD CONSTRAINT short CHECK (length(label) < 15) NOT VALID');
after('a step that fails', 'SELECT 1', "BEGIN; SELECT datasurface.ds_run('shop')", qr/^1\nFAILED\n0\n$/);
sql('ALTER TABLE shop."Orders" DROP CONSTRAINT short');

hold_stop_points($node, 'pause');
my $session = pause_at($node, 'merge.deleted', "$merging;\n$none;");
is(sql('SELECT phase FROM datasurface.merge_progress'), 'deleting', 'before a cancel');
sql("SELECT pg_cancel_backend($session->{pid})");
like($session->finish, qr/^0\n.*ERROR:  canceling statement due to user request/s, 'a cancel: nothing is shown');
let_go($node, 'pause');

# ---- beside others ---------------------------------------------------------------------------------------------------

is(seen_at('merge.deleted', $none, before => 'SET track_activities = off; '), '0',
	'a session that tells nothing of itself');

# A subtransaction that is rolled back clears what the server shows, and an index may hold one for each row.
sql(<<~'SQL');
	CREATE FUNCTION public.fails_within(text) RETURNS integer LANGUAGE plpgsql IMMUTABLE AS
		$$ BEGIN RETURN length($1) / 0; EXCEPTION WHEN division_by_zero THEN RETURN 1; END $$;
	CREATE INDEX fails_within ON shop."Orders" (public.fails_within(label));
	SQL
is(seen_at('merge.inserted', $look), compared('inserting', '1350|1350|0|0'), 'what clears it on the way');
sql('DROP INDEX shop.fails_within');

my $direct = $merging;
$merging = "COPY ($merging) TO STDOUT";
is(seen_at('merge.deleted', "SELECT (SELECT count(*) FROM pg_stat_progress_copy), ($none)"), '1|0',
	'a COPY that is shown already stays so');
$merging = $direct;

is(sql($merging), '60000', 'the batch is merged');
is(sql($none), '0', 'nothing is shown at the end');

# ---- a pull ----------------------------------------------------------------------------------------------------------

sql(<<~'SQL');
	SELECT version FROM datasurface.ds_load_model('{"stores": [{"name": "pulled", "description": "d", "datasets": [{"name": "rows",
		"description": "d", "primary_key": ["id"], "columns": [{"name": "id", "type": "integer"}],
		"ingestion": {"kind": "sql_snapshot", "query": "SELECT i AS id FROM generate_series(1, 2000) i"}}]}]}', replace => false);
	SELECT count(*) FROM datasurface.ds_reconcile_schema();
	SQL
$merging = "SELECT datasurface.ds_run('pulled', 'one')";
$look = 'SELECT relation, stream, dataset, batch, phase, rows_done - received_rows, received_rows, received_bytes FROM datasurface.merge_progress';
my $pulled = 'pulled.rows|pulled|rows|';
like(seen_at('ingest.receiving', $look, before => 'SET datasurface.pull = staged; ', said => 'DONE'),
	qr/^\Q${pulled}\E1\|receiving rows\|0\|[1-9]\d*\|$/, 'a pull that stages its rows');
sql('TRUNCATE pulled.rows'); # what was rolled back has left its pages
like(seen_at('merge.loading', $look, said => 'DONE'), qr/^\Q${pulled}\E1\|receiving rows\|0\|[1-9]\d*\|$/, 'one that loads them as they come');
sql($merging);
$merging = "SELECT datasurface.ds_run('pulled')";
like(seen_at('merge.receiving', $look, said => 'DONE'), qr/^\Q${pulled}\E2\|receiving rows\|2000\|[1-9]\d*\|$/, 'one that compares them as they come');
is(sql($none), '0', 'nothing is shown at the end of a pull');

$node->stop;
done_testing();
