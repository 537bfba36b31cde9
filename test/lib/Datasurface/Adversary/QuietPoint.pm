# Quiet points of Datasurface::Adversary::States: no call is under way, so everything is checked, and each stream must come to
# its end by calls that follow the hints. Dies with what went wrong.
package Datasurface::Adversary::QuietPoint;

use strict;
use warnings;

sub check
{
	my ($states, $thorough) = @_;
	for my $name (@{ $states->{streams} })
	{
		my @problems = ($states->ask("SELECT * FROM glance('$name')"),
			$states->ask("SELECT * FROM quiet_problems('$name', " . ($thorough ? 'true' : 'false') . ')'));
		$states->fault("stream $name, after $states->{calls} calls:\n" . join "\n", @problems) if @problems;
	}
	return;
}

# The judge is worth something only if it sees what is wrong.
sub judge_sees
{
	my ($states) = @_;
	# once more than at the last quiet point: now there is a version that has ended
	settle($states, 'push');
	check($states, 0);
	my $lost = "SELECT push_version(1000000, 'push', '{orders,lines}', 1); DELETE FROM push.orders_staging WHERE id";
	for my $wrong ('DELETE FROM push.orders WHERE id = 0',
		'UPDATE push.lines SET price = price + 1 WHERE id = (SELECT max(id) FROM push.lines)',
		'UPDATE push.orders SET ds_surf_batch_in = ds_surf_batch_in + 100',
			'DELETE FROM push.orders_history WHERE id = 0',
		'UPDATE datasurface.batch_dataset SET inserted = inserted + 1',
			"UPDATE datasurface.batch SET state = 'discarded', changed = NULL",
		'DELETE FROM datasurface.batch WHERE batch_id = 1', 'UPDATE datasurface.batch_run SET batch_id = batch_id + 1',
		'INSERT INTO push.lines_staging (id) VALUES (1)', "$lost = 0", "$lost > 0",
		"INSERT INTO told VALUES ('push', 'a run that is not', 1, true)",
		"SELECT publish_stale('pull')")
	{
		$states->{control}->run("BEGIN; $wrong");
		my $of = $wrong =~ /publish_stale/ ? 'pull' : 'push';
		my @problems = map { $states->{control}->run("SELECT * FROM $_") } "glance('$of')", "quiet_problems('$of', true)";
		@problems = grep { /published by another run/ } @problems if $of eq 'pull';
		$states->{control}->run('ROLLBACK');
		$states->fault("the judge does not see: $wrong") unless @problems;
	}
	return;
}

# Whatever it has come to: a caller who follows the hints brings the stream to its end, with the source as it is now.
sub settle
{
	my ($states, $name) = @_;
	my ($failed) = $states->ask("SELECT error FROM datasurface.ds_reconcile_schema(allow => '{rewrite,lossy}') WHERE action = 'failed'");
	$states->fault("reconcile fails at a quiet point: $failed") if $failed;
	$states->ask('SELECT next_version()');
	my $stream = $states->look($name);
	my $run = "settled $stream->{versions}";
	$states->ask($stream->{open} ? "SELECT reset_batch('$name', $stream->{open}, 'error')"
		: "SELECT datasurface.ds_start_batch('$name', '$run')");
	my $batch = $states->look($name)->{open};
	my @datasets = @{ $stream->{datasets} };
	if ($stream->{pushed})
	{
		# rows that came before the batch was started are its own
		$states->ask("SELECT reset_batch('$name', $batch, 'error')");
		$states->ask("SELECT push_version(-$stream->{versions}, '$name', '{" . join(',', @datasets)
			. "}', $stream->{versions})");
		$states->ask("SELECT datasurface.ds_ingest('$name', $batch)");
		# a push that another run has begun is run under that run's name
		$run = $states->ask("SELECT coalesce(run_ids[1], '$run') FROM datasurface.batches WHERE stream = '$name' "
			. "AND batch = $batch");
	}
	my $answer = $states->ask("SELECT datasurface.ds_run('$name', '$run')");
	$answer = $states->ask("SELECT datasurface.ds_release_batch('$name', $batch, 'settled')") if $answer eq 'HELD';
	$states->note_call($name, $stream->{at}, $stream->{versions}, $stream->{versions}, $run, 'both');
	$states->fault("stream $name was to be settled, and ds_run answered $answer") if $answer ne 'DONE';
	my $source = ($stream->{pushed} ? '-' : '') . $stream->{versions};
	my $found = $states->ask("SELECT source_of(format('%I.%I', store, datasets[1]), datasets[1]) FROM adversary_stream
		WHERE stream = '$name'");
	$states->fault("stream $name was settled with $source, and shows $found") if $found ne $source;
	return;
}

1;
