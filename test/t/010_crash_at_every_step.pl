# A batch dies at each of its steps, by the end of its backend, by a crash of the server and by the server being stopped
# at once. The same run id then takes it to its end; nothing differs from a run that nobody disturbed, and what was
# staged in an unlogged table, which a crash empties, is not taken for an empty source.
use strict;
use warnings;

use Datasurface::Sql qw(sql_file);
use Datasurface::StopPoints qw(start_node die_at come_back);
use PostgreSQL::Test::Utils;
use Test::More;

my @actions = qw(terminate kill stop);
my @points = qw(batch.started ingest.staged ingest.recorded merge.applied merge.cleared merge.committed);
my @points_of_receiving = qw(merge.receiving merge.deleted merge.updated merge.inserted merge.applied merge.committed);
my $node = start_node('crash', settings => 'datasurface.pull = staged');
my %batch = (pull => 0, push => 0);
my $step = 0;

sub sql { return $node->safe_psql('postgres', $_[0]); }

$node->safe_psql('postgres', sql_file('invariants'));

# The source moves on, and the twin takes it in undisturbed.
sub next_batch
{
	my ($stream) = @_;
	my $batch = ++$batch{$stream};
	$step++;
	my $twin = "${stream}_twin";
	my $staged = $stream eq 'push'
		? "SELECT datasurface.ds_start_batch('$twin'); SELECT push('$twin'); SELECT datasurface.ds_ingest('$twin', "
			. "$batch);" : '';
	sql("SELECT change_source($step); SELECT keep_image('$stream', $batch); $staged "
		. "SELECT datasurface.ds_run('$twin')");
	return $batch;
}

# Calls ds_run until it says DONE; returns what it said.
sub answers
{
	my ($stream) = @_;
	my @answers;
	push @answers, sql("SELECT datasurface.ds_run('$stream', 'run $batch{$stream}')") while @answers < 4
		&& ($answers[-1] // '') ne 'DONE';
	return join ' ', @answers;
}

sub whole_ok
{
	my ($stream, $what) = @_;
	is(sql("SELECT * FROM problems('$stream', $batch{$stream})"), '', "$what: the same as undisturbed");
}

# One batch that dies; $committed says what of it was committed before: nothing, its ingest, or all.
sub die_and_check
{
	my ($stream, $point, $action, $sql, $committed, $what) = @_;
	is(die_at($node, $point, $action, $sql), 2, "$what: dies");
	come_back($node, $action);
	my $state = sql("SELECT state FROM datasurface.batches WHERE stream = '$stream' AND batch = $batch{$stream}");
	is($state, $committed, "$what: what is committed");
	is(sql("SELECT * FROM problems_before('$stream', $batch{$stream})"), '', "$what: nothing of the batch shows")
		if $committed ne 'committed';
}

sub pull_by_run
{
	my ($point, $action) = @_;
	my $what = "ds_run of a pull, $action at $point";
	my $batch = next_batch('pull');
	die_and_check('pull', $point, $action, "SELECT datasurface.ds_run('pull', 'run $batch')", '', $what);
	is(answers('pull'), 'DONE', "$what: the retry is one call");
	whole_ok('pull', $what);
}

# Its rows are compared as they arrive, and nothing is committed before all is.
sub pull_through
{
	my ($point, $action) = @_;
	my $what = "ds_run that compares rows as they arrive, $action at $point";
	my $batch = next_batch('pull');
	my $run = "SET datasurface.pull = auto; SELECT datasurface.ds_run('pull', 'run $batch')";
	die_and_check('pull', $point, $action, $run, '', $what);
	is(sql($run), 'DONE', "$what: the retry is one call");
	is(sql("SELECT string_agg(DISTINCT way, ' ') FROM datasurface.batch_datasets WHERE stream = 'pull' AND batch = $batch"),
		'straight', "$what: by the same way");
	whole_ok('pull', $what);
}

# Each step is a transaction; $done is what was committed when it died. Of a staging table that a crash has emptied the
# retry makes a new pull, in the same call.
sub pull_by_procedure
{
	my ($point, $action, $done, $first) = @_;
	my $what = "ds_run_to_end of a pull, $action at $point" . ($first ? ', after the merge' : '');
	my $batch = next_batch('pull');
	is(sql("SELECT datasurface.ds_run('pull', 'run $batch', budget => '0')"), 'KEEP_WORKING', "$what: ingested before")
		if $first;
	die_and_check('pull', $point, $action, "CALL datasurface.ds_run_to_end('pull', 'run $batch');", $done, $what);
	is(answers('pull'), 'DONE', "$what: the retry is one call");
	whole_ok('pull', $what);
}

# The procedure itself may be what is called again.
sub procedure_again
{
	my ($action) = @_;
	my $what = "ds_run_to_end of a pull, $action between ingest and merge, called again";
	my $batch = next_batch('pull');
	die_and_check('pull', 'procedure.committed', $action, "CALL datasurface.ds_run_to_end('pull', 'run $batch');",
		'ingested', $what);
	sql("CALL datasurface.ds_run_to_end('pull', 'run $batch')");
	whole_ok('pull', $what);
}

sub push_in_steps
{
	my ($point, $action) = @_;
	my $what = "push, $action at $point";
	my $batch = next_batch('push');
	my $start = "SELECT datasurface.ds_start_batch('push', 'run $batch')";
	my $seal = "SELECT datasurface.ds_ingest('push', $batch, rows => (SELECT count(*)
		FROM source_orders) + (SELECT count(*) FROM source_lines))";
	my $run = "SELECT datasurface.ds_run('push', 'run $batch')";
	if ($point =~ /^batch/)
	{
		die_and_check('push', $point, $action, $start, '', $what);
		is(sql($start), $batch, "$what: the same number again");
		sql("SELECT push('push')");
	}
	else
	{
		sql("$start; SELECT push('push')");
	}
	# pushed rows are logged: whatever dies, they are there, and are sealed as if nothing had been
	die_and_check('push', $point, $action, $seal, 'started', $what) if $point =~ /^ingest/;
	sql($seal);
	die_and_check('push', $point, $action, $run, 'ingested', $what) if $point =~ /^merge/;
	is(answers('push'), 'DONE', "$what: the retry is one call");
	whole_ok('push', $what);
}

# In single steps: the merge refuses an emptied staging table, and says what to do.
sub pull_in_steps
{
	my ($action) = @_;
	my $what = "ds_merge_staging of a pull, $action after ds_ingest";
	my $batch = next_batch('pull');
	sql("SELECT datasurface.ds_start_batch('pull', 'run $batch'); SELECT datasurface.ds_ingest('pull', $batch)");
	die_and_check('pull', 'merge.applied', $action, "SELECT * FROM datasurface.ds_merge_staging('pull', $batch)",
		'ingested', $what);
	if ($action ne 'terminate')
	{
		my $status = $node->psql('postgres',
			"\\set VERBOSITY verbose\nSELECT * FROM datasurface.ds_merge_staging('pull', $batch)",
			on_error_stop => 1, stderr => \my $message);
		is($status, 3, "$what: the merge refuses");
		like($message, qr/ERROR:  SF016: .*ds_run/s, "$what: by SF016, with a hint");
		is(sql("SELECT * FROM problems_before('pull', $batch)"), '', "$what: nothing was deleted");
		sql("SELECT datasurface.ds_reset_batch('pull', $batch); SELECT datasurface.ds_ingest('pull', $batch)");
	}
	sql("SELECT * FROM datasurface.ds_merge_staging('pull', $batch)");
	whole_ok('pull', $what);
}

# A source that is empty deletes everything, also when the server crashed between the steps: no row was staged, none is
# there.
sub empty_pull
{
	my ($action) = @_;
	my $what = "a pull of nothing, $action between ingest and merge";
	sql('CREATE TABLE kept_orders AS TABLE source_orders; TRUNCATE source_orders; CREATE TABLE kept_lines '
		. 'AS TABLE source_lines; TRUNCATE source_lines');
	my $batch = ++$batch{pull};
	sql("SELECT datasurface.ds_run('pull_twin')");
	die_and_check('pull', 'procedure.committed', $action, "CALL datasurface.ds_run_to_end('pull', 'run $batch');",
		'ingested', $what);
	is(answers('pull'), 'DONE', "$what: the retry is one call");
	is(sql('SELECT count(*) FROM pull.orders'), '0', "$what: all rows are deleted");
	whole_ok('pull', $what);
	sql('INSERT INTO source_orders TABLE kept_orders; INSERT INTO source_lines TABLE kept_lines; '
		. 'DROP TABLE kept_orders, kept_lines');
}

for my $action (@actions)
{
	pull_by_run($_, $action) foreach 'ingest.receiving', @points;
	pull_through($_, $action) foreach @points_of_receiving;
	pull_by_procedure($_, $action, '') foreach grep { !/^merge/ } @points;
	pull_by_procedure('procedure.committed', $action, 'ingested');
	pull_by_procedure($_, $action, 'ingested') foreach grep { /^merge/ } @points;
	pull_by_procedure('procedure.committed', $action, 'committed', 1);
	procedure_again($action);
	push_in_steps($_, $action) foreach @points;
	pull_in_steps($action);
	empty_pull($action);
}

is(sql(<<~SQL), '', 'as of every batch there ever was, the tables are what the source was');
	SELECT store, batch FROM (VALUES ('pull', $batch{pull}), ('push', $batch{push})) s(store, last), generate_series(1,
		last) batch
	WHERE differences(format('SELECT id, customer, amount FROM %I.orders_as_of(%s)', store, batch), image(store, batch,
		'orders')) > 0
	SQL

# the judge is worth something only if it sees what is wrong
next_batch('pull');
is(answers('pull'), 'DONE', 'a last batch, undisturbed');
whole_ok('pull', 'a last batch');
for my $wrong ('DELETE FROM pull.orders WHERE id = (SELECT min(id) FROM pull.orders)',
	'UPDATE pull.lines SET price = price + 1',
	'UPDATE pull.orders SET ds_surf_batch_in = 1',
		'UPDATE pull.orders_history SET ds_surf_batch_out = ds_surf_batch_out + 1',
	'UPDATE datasurface.batch_dataset SET inserted = inserted + 1',
		"UPDATE datasurface.batch SET state = 'discarded', changed = NULL",
	'UPDATE datasurface.batch SET changed = NOT changed',
		"UPDATE datasurface.stream SET checked_at = checked_at + interval '1 second'",
	'INSERT INTO pull.orders_staging (id) VALUES (1)', 'INSERT INTO pull.orders_history TABLE pull.orders LIMIT 1')
{
	like(sql("BEGIN; $wrong; SELECT count(*) FROM problems('pull', $batch{pull}); ROLLBACK"), qr/^[1-9]/,
		"the judge sees: $wrong");
}

done_testing();
