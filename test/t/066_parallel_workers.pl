# A merge with a parallel worker shows what both of them do; without shared memory it runs alone, and says why. When
# either of them fails, both end, their files are gone, and the batch is as before.
use strict;
use warnings;

use Datasurface::StopPoints qw(start_node hold_stop_points let_go pause_at);
use IPC::Run;
use PostgreSQL::Test::Utils;
use Test::More;

my $node = start_node('workers', settings => <<~CONF);
	max_prepared_transactions = 2
	datasurface.merge_engine = native
	datasurface.merge_workers = 1
	CONF

sub sql { return $node->safe_psql('postgres', $_[0]); }

# One row fills a page as far as the fillfactor allows: with few rows the tables are large enough for a worker.
sub fill
{
	my ($batch, $query) = @_;
	return sql("SELECT datasurface.ds_start_batch('big'); INSERT INTO big.wide_staging (id, label) $query; "
		. "SELECT datasurface.ds_ingest('big', $batch)");
}

sql(<<~'SQL');
	CREATE EXTENSION datasurface;
	SELECT version FROM datasurface.ds_load_model('{"stores": [{"name": "big", "description": "d", "datasets": [{"name": "wide",
		"description": "d", "primary_key": ["id"], "fillfactor": 10, "ingestion": {"kind": "push"},
		"columns": [{"name": "id", "type": "integer"}, {"name": "label", "type": "text"}]}]}]}');
	SELECT count(*) FROM datasurface.ds_reconcile_schema();
	ALTER TABLE big.wide_staging SET (fillfactor = 10);
	SQL
fill(1, "SELECT i, repeat('x', 450) FROM generate_series(1, 5000) i");
is(sql("SELECT datasurface.ds_run('big')"), 'DONE', 'the first load');
sql('ANALYZE big.wide');
fill(2, "SELECT i, repeat('x', 450) || CASE WHEN i % 100 = 0 THEN 'y' ELSE '' END FROM generate_series(1, 5000) i "
	. "ORDER BY md5(i::text)");
# later versions of PostgreSQL extend tables by several pages at once, and leave some empty at the end
my $blocks = sql("SELECT (pg_relation_size('big.wide') + pg_relation_size('big.wide_staging')) / 8192");
cmp_ok($blocks, '>=', 10000, 'a row on each page');
cmp_ok($blocks, '<', 10200, 'but for a few');

my $merging = "SELECT * FROM datasurface.ds_merge_staging('big', 2)";
my $how = "SELECT engine, engine_reason, workers FROM datasurface.batch_datasets WHERE stream = 'big' AND batch = 2";
my $look = 'SELECT phase, blocks_total, blocks_done, rows_total, rows_done, workers FROM datasurface.merge_progress';

# ---- without shared memory -------------------------------------------------------------------------------------------

is(sql("SET datasurface.stop_action = 'error'; SET datasurface.stop_at = 'parallel.shared_memory';
	BEGIN; $merging; $how; ROLLBACK"),
	"wide|0|50|0|4950\nnative|no parallel workers: out of memory|0",
		'without shared memory it runs alone, and says why');

# ---- with it ---------------------------------------------------------------------------------------------------------

# The leader stands still after its first range of blocks, while the worker does what is left for it.
hold_stop_points($node, 'first');
my $session = pause_at($node, 'merge.comparing', "BEGIN; $merging; $how; ROLLBACK;");
$node->poll_query_until('postgres', "SELECT count(*) = 0 FROM pg_stat_activity WHERE backend_type = 'parallel worker'")
	or die 'the worker does not end';
like(sql($look), qr/^comparing tables\|$blocks\|\d+\|10000\|\d+\|1$/, 'comparing with a worker');

# Who wants to hold the stop points next waits before the leader's next turn, so that it has one turn.
my $queued = IPC::Run::start([ 'psql', '-XAtq', '-d', $node->connstr('postgres'), '-c', 'BEGIN', '-c',
	'SELECT pg_advisory_xact_lock(4453)',
	'-c', "PREPARE TRANSACTION 'second'" ], '<', '/dev/null', '>', \my $said);
$node->poll_query_until('postgres',
	"SELECT count(*) = 2 FROM pg_locks WHERE locktype = 'advisory' AND objid = 4453 AND NOT granted")
	or die 'nobody waits';
let_go($node, 'first');
$queued->finish;
$node->poll_query_until('postgres',
	"SELECT count(*) = 1 FROM pg_locks WHERE locktype = 'advisory' AND objid = 4453 AND NOT granted")
	or die 'nobody waits';
(undef, undef, my $blocks_done, undef, my $rows_done) = split /\|/, sql($look);
# the leader has done two of 78 ranges, of 64 blocks and more; the worker one of two units, of which the smaller has 14
cmp_ok($blocks_done, '>', 16 * 2 * 64, 'the blocks of the worker count');
cmp_ok($rows_done, '>=', $blocks_done - ($blocks - 10000), 'and its rows: there is one on each');
is(sql('SELECT spilled_bytes > 0 FROM datasurface.merge_progress'), 't', 'also what the worker has left to the leader');
let_go($node, 'second');
is($session->finish, "wide|0|50|0|4950\nnative||1\n", 'the merge goes on, with its worker');

hold_stop_points($node, 'pause');
$session = pause_at($node, 'merge.compared', "BEGIN; $merging; $how; ROLLBACK;");
is(sql($look), "confirming changes|$blocks|$blocks|10000|10000|1", 'all is counted at the end');
let_go($node, 'pause');
is($session->finish, "wide|0|50|0|4950\nnative||1\n", 'the merge goes on, with its worker');

hold_stop_points($node, 'pause');
$session = pause_at($node, 'merge.deleted', "BEGIN; $merging; ROLLBACK;");
is(sql('SELECT phase, changes_total, changes_done FROM datasurface.merge_progress'), 'deleting|50|0',
	'a phase with nothing to do');
let_go($node, 'pause');
$session->finish;

# ---- one of them fails -----------------------------------------------------------------------------------------------

my $worker_ended = "SELECT count(*) = 0 FROM pg_stat_activity WHERE backend_type = 'parallel worker'";

# What they share lies in a folder, which pg_ls_tmpdir does not show.
sub temporary_files { my @found = glob $node->data_dir . '/base/pgsql_tmp/*'; return scalar @found }

sub nothing_left_ok
{
	my ($what) = @_;
	$node->poll_query_until('postgres', $worker_ended) or die 'the worker does not end';
	$node->poll_query_until('postgres',
		"SELECT count(*) = 0 FROM pg_stat_activity WHERE query LIKE '%ds_merge_staging%' AND pid <> pg_backend_pid()")
		or die 'the session does not end';
	is(temporary_files(), 0, "$what: no file is left");
	is(sql("SELECT (SELECT count(*) FROM big.wide WHERE ds_surf_batch_in = 1), (SELECT count(*) FROM big.wide_staging),
		(SELECT state FROM datasurface.batches WHERE stream = 'big' AND batch = 2)"), '5000|5000|ingested',
			"$what: nothing was written");
	return;
}

# The leader's share fits into memory, the worker's goes to a file that the leader reads. On a busy machine the leader
# may have done everything before the worker begins.
my $error = '';
for (1 .. 20)
{
	$node->psql('postgres', "SET temp_file_limit = '8kB'; BEGIN; $merging; ROLLBACK", stderr => \$error);
	last if $error;
}
like($error, qr/ERROR:  temporary file size exceeds "?temp_file_limit"? \(8kB\)\nCONTEXT:  parallel worker\nmerge of dataset "wide" of store "big"/,
	'what the worker fails with is the error of the merge');
nothing_left_ok('a worker failed');

for my $way (qw(cancel terminate))
{
	hold_stop_points($node, 'pause');
	$session = pause_at($node, 'merge.comparing', "$merging;");
	$node->poll_query_until('postgres', $worker_ended) or die 'the worker does not end';
	cmp_ok(temporary_files(), '>', 0, "$way: the worker left a file to the leader");
	sql("SELECT pg_${way}_backend($session->{pid})");
	like($session->finish, qr/merge of dataset "wide" of store "big"/, "$way: the session hears where it was");
	let_go($node, 'pause');
	nothing_left_ok($way);
}

is(sql("$merging; $how"), "wide|0|50|0|4950\nnative||1", 'the merge goes through');

$node->stop;
done_testing();
