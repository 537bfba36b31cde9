# A pull while a batch is held, of a stream that does not wait: the same changes leave the held batch as it is; for others
# it is discarded, and the pull has the next number.
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
	my @datasets = @{ $batch->{stream}{datasets} };
	my ($held, $held_run) = @{$batch}{qw(number run_id)};
	my $held_at = $batch->sql(held_at_sql($batch));
	$batch->change_sources if chance(60);
	$batch->{moved_on} = 0;
	$batch->{number}++;
	for my $dataset (@datasets)
	{
		$batch->sql("CALL oracle.discard($dataset->{d}, $held); CALL oracle.remember($dataset->{d}, $batch->{number})");
	}
	my ($verdict, $findings, $referring) = Datasurface::Differential::Brakes::verdict($batch);
	my $same = $verdict eq 'hold'
		&& !grep { $batch->sql("SELECT oracle.makes_the_same($_->{d}, $batch->{number})") eq 'f' } @datasets;
	$batch->{run_id} = Datasurface::Differential::Batch::random_run_id($batch->{stream}, "$batch->{number} anew")
		if chance(50);
	return stays($batch, $held, $held_at, $findings, $referring) if $same;
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
	my ($batch, $held, $held_at, $findings, $referring) = @_;
	$batch->sql("CALL oracle.step_back($_->{d}, $batch->{number})") for @{ $batch->{stream}{datasets} };
	$batch->{number} = $held;
	$batch->expect('SELECT datasurface.ds_run(' . $batch->arguments . ')', 'HELD');
	$batch->expect(held_at_sql($batch), $held_at);
	$batch->expect(Datasurface::Differential::Brakes::findings_sql($batch), $findings);
	return Datasurface::Differential::Stopped::release($batch, $findings, $referring);
}

sub held_at_sql
{
	my ($batch) = @_;
	return "SELECT batch, state, held_at FROM datasurface.batches WHERE stream = $batch->{name} AND state = 'held'";
}

1;
