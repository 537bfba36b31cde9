# A pull while a batch is held. By a run of a stream that does not wait: the same changes leave the held batch as it is;
# for others it is discarded, and the pull has the next number. By a release whose staged rows are lost: for others the
# batch is held anew.
package Datasurface::Differential::Replaced;

use strict;
use warnings;
use Datasurface::Differential::Brakes;
use Datasurface::Differential::Engine;
use Datasurface::Differential::Random;
use Datasurface::Differential::Stopped;

sub pull_anew
{
	my ($batch) = @_;
	my ($held, $held_run) = @{$batch}{qw(number run_id)};
	my $held_at = $batch->sql(held_at_sql($batch));
	$batch->change_sources if chance(60);
	my @others = remember_next($batch);
	my ($verdict, $findings, $referring) = Datasurface::Differential::Brakes::verdict($batch);
	$batch->{run_id} = Datasurface::Differential::Batch::random_run_id($batch->{stream}, "$batch->{number} anew")
		if chance(50);
	return stays($batch, $held_at, $findings, $referring) if $verdict eq 'hold' && !@others;
	replaced($batch, $verdict);
	$batch->expect("SELECT state, decision FROM datasurface.batches WHERE stream = $batch->{name} AND batch = $held",
		'discarded|replace');
	$batch->expect_error("SELECT datasurface.ds_require($batch->{name}, $held_run)", 'SF017')
		if $held_run && $held_run ne ($batch->{run_id} // '');
	return Datasurface::Differential::Stopped::after_failure($batch, 'run') if $verdict eq 'fail';
	$batch->record unless $verdict eq 'hold';
	$batch->expect(Datasurface::Differential::Brakes::findings_sql($batch), $findings);
	return Datasurface::Differential::Stopped::after_hold($batch, $findings, $referring) if $verdict eq 'hold';
	return;
}

# The source is the image of the next batch. Returns the datasets whose changes are others than those that are held.
sub remember_next
{
	my ($batch) = @_;
	my @datasets = @{ $batch->{stream}{datasets} };
	$batch->sql("CALL oracle.discard($_->{d}, $batch->{number})") for @datasets;
	$batch->{number}++;
	$batch->{moved_on} = 0;
	$batch->sql("CALL oracle.remember($_->{d}, $batch->{number})") for @datasets;
	return grep { $batch->sql("SELECT oracle.makes_the_same($_->{d}, $batch->{number})") eq 'f' } @datasets;
}

sub step_back
{
	my ($batch) = @_;
	$batch->sql("CALL oracle.step_back($_->{d}, $batch->{number})") for @{ $batch->{stream}{datasets} };
	return $batch->{number}--;
}

# By either engine, and then by the batch's own.
sub replaced
{
	my ($batch, $verdict) = @_;
	my %answers = (hold => 'HELD', fail => 'FAILED');
	my $answer = $answers{$verdict} // 'DONE';
	my $run = 'SELECT datasurface.ds_run(' . $batch->arguments . ')';
	my @engines = grep { $_ eq 'sql' || !grep { Datasurface::Differential::Engine::obstacle($_) }
			@{ $batch->{stream}{datasets} } }
	  Datasurface::Differential::Engine::others($batch->{engine}, @{ $batch->{stream}{datasets} });
	for my $engine (grep { chance(40) } @engines)
	{
		$batch->sql("BEGIN; SET LOCAL datasurface.merge_engine = $engine");
		$batch->expect($run, $answer);
		if ($answer eq 'DONE')
		{
			$batch->record;
			$batch->check_tables;
		}
		$batch->sql('ROLLBACK');
	}
	return $batch->expect($run, $answer);
}

# A person can release it, whichever run came last.
sub stays
{
	my ($batch, $held_at, $findings, $referring) = @_;
	step_back($batch);
	$batch->expect('SELECT datasurface.ds_run(' . $batch->arguments . ')', 'HELD');
	$batch->expect(held_at_sql($batch), $held_at);
	$batch->expect(Datasurface::Differential::Brakes::findings_sql($batch), $findings);
	return Datasurface::Differential::Stopped::release($batch, $findings, $referring);
}

# As a crash does to unlogged tables, and the source has moved on. Returns the findings of the batch that is held anew, and
# the references that a release still asks; nothing if the changes are the same.
sub held_anew
{
	my ($batch, $release) = @_;
	my @staged = grep { $batch->sql("SELECT staged FROM oracle.counts WHERE d = $_->{d} AND batch = $batch->{number}") }
	  @{ $batch->{stream}{datasets} } or return;
	my $staging = $batch->sql('SELECT staging FROM oracle.dataset WHERE d = ' . pick(@staged)->{d});
	$batch->sql("TRUNCATE $staging");
	$batch->change_sources if chance(60);
	my @others = remember_next($batch);
	step_back($batch);
	return unless @others;
	my ($verdict, $findings, $referring) = Datasurface::Differential::Brakes::verdict($batch);
	if ($verdict eq 'fail')
	{
		$batch->expect_error($release, 'SF041');
		Datasurface::Differential::Stopped::without_rules($batch);
		($verdict, $findings, $referring) = Datasurface::Differential::Brakes::verdict($batch);
	}
	# nobody has looked at these changes
	$findings = join "\n", sort split(/\n/, $findings), map { found_others($batch, $_) } @others if $verdict ne 'hold';
	$batch->expect($release, 'HELD');
	$batch->expect(Datasurface::Differential::Brakes::findings_sql($batch), $findings);
	return ($findings, $referring);
}

sub found_others
{
	my ($batch, $dataset) = @_;
	my $changes = $batch->sql("SELECT oracle.changes($dataset->{d}, $batch->{number})");
	return "$dataset->{d}|release|found other changes|hold|$changes";
}

sub held_at_sql
{
	my ($batch) = @_;
	return "SELECT batch, state, held_at FROM datasurface.batches WHERE stream = $batch->{name} AND state = 'held'";
}

1;
