# The native engine is interrupted wherever it is: by a timeout, a cancel, a limit on temporary files, the end of its
# backend. Nothing is written, its temporary files are gone, and the batch stands where it was.
use strict;
use warnings;

use Datasurface::StopPoints qw(start_node);
use IPC::Run;
use PostgreSQL::Test::Utils;
use Test::More;
use Time::HiRes qw(usleep);

my $node = start_node('cancelled', settings => <<~CONF);
	max_prepared_transactions = 1
	datasurface.merge_engine = native
	datasurface.merge_work_mem = '1MB'
	CONF

sub sql { return $node->safe_psql('postgres', $_[0]); }

# Arrives in an order that has nothing to do with that of the merge table: most rows have to wait for theirs in files.
sub fill
{
	my ($batch, $query) = @_;
	return sql("SELECT datasurface.ds_start_batch('big'); INSERT INTO big.rows_staging (id, label) $query "
		. "ORDER BY md5(i::text);
		SELECT datasurface.ds_ingest('big', $batch)");
}

sql(<<~SQL);
	CREATE EXTENSION datasurface;
	SELECT version FROM datasurface.ds_load_model('{"stores": [{"name": "big", "description": "big", "datasets": [{"name": "rows",
		"description": "rows", "primary_key": ["id"], "milestoning": "milestoned", "ingestion": {"kind": "push"},
		"columns": [{"name": "id", "type": "integer"}, {"name": "label", "type": "text"}]}]}]}');
	SELECT count(*) FROM datasurface.ds_reconcile_schema();
	SQL
fill(1, "SELECT i, 'label ' || i FROM generate_series(1, 100000) i");
is(sql("SELECT datasurface.ds_run('big')"), 'DONE', 'the first load');
# every tenth row vanishes, changes, or is new: more than a list of what differs holds in memory
fill(2, "SELECT i, 'label ' || i || CASE WHEN i % 10 = 1 THEN ' changed' ELSE '' END "
	. "FROM generate_series(1, 110000) i WHERE i % 10 <> 2 OR i > 100000");

my $merge = "SELECT inserted, updated, deleted, unchanged FROM datasurface.ds_merge_staging('big', 2)";
my $temporary_files = 'SELECT count(*) FROM pg_ls_tmpdir()';

sub untouched_ok
{
	my ($what) = @_;
	is(sql("SELECT (SELECT count(*) FROM big.rows WHERE ds_surf_batch_in = 1 AND label = 'label ' || id),
		(SELECT count(*) FROM big.rows),
		(SELECT count(*) FROM big.rows_history), ($temporary_files), (SELECT state FROM datasurface.batches
			WHERE stream = 'big' AND batch = 2)"),
		'100000|100000|0|0|ingested', "$what: nothing was written, nothing is left");
	return;
}

# What psql says of the merge, when it does not go through.
sub error_of
{
	my ($settings) = @_;
	$node->psql('postgres', "\\set VERBOSITY verbose\n$settings; BEGIN; $merge; ROLLBACK;", stderr => \my $error,
		on_error_stop => 1);
	return $error;
}

# ---- a timeout, sooner or later --------------------------------------------------------------------------------------

my ($timeout, $times, $named) = (2, 0);
while (my $error = error_of("SET statement_timeout = $timeout"))
{
	like($error, qr/ERROR:  57014: canceling statement due to statement timeout/, "a timeout of $timeout ms");
	$named ||= $error =~ /^CONTEXT:  merge of dataset "rows" of store "big"$/m;
	untouched_ok("a timeout of $timeout ms");
	last if ++$times == 30;
	$timeout = int($timeout * 1.6) + 1;
}
cmp_ok($times, '>=', 2, 'it took longer than some of them');
ok($named, 'one of the errors names the dataset');
untouched_ok('rolled back');

# ---- a limit on temporary files --------------------------------------------------------------------------------------

like(error_of("SET temp_file_limit = '256kB'"),
	qr/ERROR:  53400: temporary file size exceeds "?temp_file_limit"? \(256kB\)\nCONTEXT:  merge of dataset "rows" of store "big"/,
	'the limit on temporary files holds, and says where');
untouched_ok('a limit on temporary files');

# ---- while it writes -------------------------------------------------------------------------------------------------

# Waits for the writer of a row that changes, when all that vanishes is deleted already.
sub begin_waiting
{
	my ($what) = @_;
	my $error = '';
	my $session = IPC::Run::start([ 'psql', '-XAtq', '-d', $node->connstr('postgres'), '-c', '\set VERBOSITY verbose',
		'-c', $merge ],
		'<', '/dev/null', '>', \my $out, '2>', \$error);
	my $waiting = "SELECT pid FROM pg_stat_activity WHERE wait_event_type = 'Lock' "
		. "AND query LIKE '%ds_merge_staging%' AND pid <> pg_backend_pid()";
	my $pid = '';
	for (1 .. 1000)
	{
		last if $pid = sql($waiting);
		usleep(20_000);
	}
	isnt($pid, '', "$what: the merge waits for another writer");
	isnt(sql($temporary_files), '0', "$what: with temporary files");
	return ($session, $pid, \$error);
}

sql("BEGIN; UPDATE big.rows SET label = 'mine' WHERE id = 99991; PREPARE TRANSACTION 'writer'");
my %ways = (
	cancel => [ sub { sql("SELECT pg_cancel_backend($_[0])") },
		qr/ERROR:  57014: canceling statement due to user request/ ],
	terminate => [ sub { sql("SELECT pg_terminate_backend($_[0])") }, qr/FATAL:  57P01: / ],
	kill => [ sub { kill 'KILL', $_[0] }, qr/server closed the connection|crash of another server process/ ]);
for my $way (sort keys %ways)
{
	my ($act, $expected) = @{ $ways{$way} };
	my ($session, $pid, $error) = begin_waiting($way);
	$act->($pid);
	$session->finish;
	like(${$error}, $expected, "$way: what the session hears");
	# while the server comes back, psql ends before it has read the query, which IPC::Run dies of
	my $ended;
	for (1 .. 100)
	{
		last if $ended = eval { $node->poll_query_until('postgres',
			"SELECT count(*) = 0 FROM pg_stat_activity WHERE pid = $pid") };
		select(undef, undef, undef, 0.1);
	}
	die "$way: the backend does not end" unless $ended;
	untouched_ok($way);
}
sql("ROLLBACK PREPARED 'writer'");

is(sql($merge), '10000|10000|10000|80000', 'the merge goes through');
is(sql("SELECT count(*), count(*) FILTER (WHERE ds_surf_batch_in = 2) FROM big.rows"), '100000|20000',
	'and wrote what it says');
is(sql($temporary_files), '0', 'no temporary file is left');
unlike(slurp_file($node->logfile), qr/WARNING/, 'and the server never found one that was forgotten');

$node->stop;
done_testing();
