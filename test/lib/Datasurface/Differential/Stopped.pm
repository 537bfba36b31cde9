# A batch that brakes must stop: both engines find the same changes, readers see nothing of them, and it is published
# after all, by a release or by a model with other brakes.
package Datasurface::Differential::Stopped;

use strict;
use warnings;
use Datasurface::Differential::Brakes;
use Datasurface::Differential::Random;

# $way: of publishing, as Datasurface::Differential::Batch has it.
sub stopped
{
	my ($batch, $way, $verdict, $findings) = @_;
	my $seen = Datasurface::Differential::Brakes::seen($batch);
	my $digests;
	for my $engine (shuffled('sql', $batch->{engine}))
	{
		$batch->sql("BEGIN; SET LOCAL datasurface.merge_engine = $engine");
		my $found = stops($batch, $way eq 'merge' ? 'merge' : 'run', $verdict, $findings);
		$batch->sql('ROLLBACK');
		$digests //= $found;
		die "batch $batch->{number}: the engines found different changes:\n$digests\n$found\n" if $found ne $digests;
	}
	stops($batch, $way, $verdict, $findings);
	die "batch $batch->{number} shows, and was stopped\n" if $seen ne Datasurface::Differential::Brakes::seen($batch);
	return $verdict eq 'fail' ? after_failure($batch, $way) : after_hold($batch, $way, $findings, $digests);
}

# By one call. Returns the digests of a held batch.
sub stops
{
	my ($batch, $way, $verdict, $findings) = @_;
	my $fails = $verdict eq 'fail';
	my $run = 'SELECT datasurface.ds_run(' . $batch->arguments;
	my $merge = "SELECT count(*) FROM datasurface.ds_merge_staging($batch->{name}, $batch->{number})";
	if ($way eq 'merge' && $fails)
	{
		$batch->expect_error($merge, 'SF041'); # what is raised is not recorded
		return '';
	}
	if ($way eq 'merge') { $batch->expect($merge, scalar @{ $batch->{stream}{datasets} }) }
	elsif ($way eq 'run_to_end')
	{
		$batch->expect_error('CALL datasurface.ds_run_to_end(' . $batch->arguments . ')', $fails ? 'SF041' : 'SF017');
	}
	elsif ($way eq 'by_budget')
	{
		my $answer = $batch->sql("$run, budget => '0')");
		$batch->expect("$run, budget => '0')", $fails ? 'FAILED' : 'HELD') if $answer eq 'KEEP_WORKING';
	}
	else { $batch->expect("$run)", $fails ? 'FAILED' : 'HELD') }
	$batch->expect(Datasurface::Differential::Brakes::findings_sql($batch), $findings);
	return $fails ? '' : $batch->sql(Datasurface::Differential::Brakes::digests_sql($batch));
}

# Whoever runs meanwhile is told so, or finds the same. Then a person releases it, once in vain.
sub after_hold
{
	my ($batch, $way, $findings, $digests) = @_;
	# what was ingested before the source moved on would be pulled anew, and differ
	$batch->expect('SELECT datasurface.ds_run(' . $batch->arguments . ')', 'HELD') if $way ne 'merge' && chance(40);
	$batch->expect(Datasurface::Differential::Brakes::digests_sql($batch), $digests);
	my $release = "SELECT datasurface.ds_release_batch($batch->{name}, $batch->{number}, 'it''s a test')";
	for my $engine ('sql', $batch->{engine})
	{
		next unless chance(60);
		$batch->sql("BEGIN; SET LOCAL datasurface.merge_engine = $engine");
		$batch->expect($release, 'DONE');
		$batch->check_tables;
		$batch->sql('ROLLBACK');
	}
	$batch->expect($release, 'DONE');
	$batch->expect(Datasurface::Differential::Brakes::findings_sql($batch), $findings);
	return;
}

sub after_failure
{
	my ($batch, $way) = @_;
	$_->{brakes} = undef for @{ $batch->{stream}{datasets} };
	$batch->{stream}{datasets}[0]{load}->();
	return $batch->publish($way);
}

1;
