# A batch that brakes, checks or references must stop: both engines find the same changes, readers see nothing of them,
# and it is published after all, by a release or by a model with other rules; or it is discarded, or a later pull takes
# its place.
package Datasurface::Differential::Stopped;

use strict;
use warnings;
use Datasurface::Differential::Around;
use Datasurface::Differential::Brakes;
use Datasurface::Differential::Random;
use Datasurface::Differential::Replaced;
use Datasurface::Differential::Rules;

# $way: of publishing, as Datasurface::Differential::Batch has it; the others are of Brakes::verdict.
sub stopped
{
	my ($batch, $way, $verdict, $findings, $referring) = @_;
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
	return $verdict eq 'fail' ? after_failure($batch, $way) : after_hold($batch, $findings, $referring);
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
		# a pull through is stopped, its rows are staged, and the merge is stopped
		my $answer = 'KEEP_WORKING';
		for (1 .. 3) { $answer = $batch->sql("$run, budget => '0')") if $answer eq 'KEEP_WORKING' }
		die "batch $batch->{number}: answered $answer\n" if $answer ne ($fails ? 'FAILED' : 'HELD');
	}
	else { $batch->expect("$run)", $fails ? 'FAILED' : 'HELD') }
	$batch->expect(Datasurface::Differential::Brakes::findings_sql($batch), $findings);
	return $fails ? '' : $batch->sql(Datasurface::Differential::Brakes::digests_sql($batch));
}

# Whoever runs meanwhile is told so, or pulls anew. Then somebody decides.
sub after_hold
{
	my ($batch, $findings, $referring) = @_;
	my $stream = $batch->{stream};
	preview($batch) if chance(30);
	return discard($batch) if chance(15);
	return Datasurface::Differential::Replaced::pull_anew($batch) if !$stream->{waits} && chance(60);
	my $digests = $batch->sql(Datasurface::Differential::Brakes::digests_sql($batch));
	if ($stream->{waits} && $stream->{kind} ne 'push' && chance(30))
	{
		$batch->{moved_on} = 1;
		$batch->change_sources;
	}
	# what was ingested before the source moved on would be pulled anew, and differ
	$batch->expect('SELECT datasurface.ds_run(' . $batch->arguments . ')', 'HELD')
		if ($stream->{waits} || !$batch->{moved_on}) && chance(40);
	$batch->expect(Datasurface::Differential::Brakes::digests_sql($batch), $digests);
	return release($batch, $findings, $referring);
}

# Its totals are the oracle's.
sub preview
{
	my ($batch) = @_;
	my $d = join ', ', map { $_->{d} } @{ $batch->{stream}{datasets} };
	my $wanted = $batch->sql("SELECT d, change, total FROM oracle.counts, LATERAL (VALUES ('inserted', inserted), "
		. "('updated', updated), ('deleted', deleted)) x(change, total) WHERE batch = $batch->{number} AND d IN ($d) "
		. 'ORDER BY d, change');
	$batch->expect("SELECT d, change, total FROM datasurface.ds_preview_batch($batch->{name}, $batch->{number}, 3) p "
		. "JOIN oracle.dataset x ON x.stream = $batch->{name} AND x.name = p.dataset WHERE total IS NOT NULL "
		. 'ORDER BY d, change', $wanted);
	return;
}

sub discard
{
	my ($batch) = @_;
	my $stream = $batch->{stream};
	$batch->expect("SELECT datasurface.ds_discard_batch($batch->{name}, $batch->{number}, 'it''s a test')", '');
	$batch->sql("CALL oracle.discard($_->{d}, $batch->{number})") for @{ $stream->{datasets} };
	$batch->expect("SELECT state, decision FROM datasurface.batches WHERE stream = $batch->{name} "
		. "AND batch = $batch->{number}", 'discarded|discard');
	$batch->expect_error("SELECT datasurface.ds_require($batch->{name}, $batch->{run_id})", 'SF017') if $batch->{run_id};
	$batch->{discarded} = 1;
	$stream->{run_id_again} = $batch->{run_id};
	return;
}

# Of a batch that was stopped before references were asked, a release asks them.
sub release
{
	my ($batch, $findings, $referring) = @_;
	my $release = "SELECT datasurface.ds_release_batch($batch->{name}, $batch->{number}, 'it''s a test')";
	if ($batch->{stream}{kind} ne 'push' && chance(25))
	{
		my @anew = Datasurface::Differential::Replaced::held_anew($batch, $release);
		($findings, $referring) = @anew if @anew;
	}
	my $verdict = Datasurface::Differential::Brakes::worst(@$referring);
	for my $engine ('sql', $batch->{engine})
	{
		next unless chance(60) && $verdict ne 'fail';
		$batch->sql("BEGIN; SET LOCAL datasurface.merge_engine = $engine");
		$batch->expect($release, 'HELD') if $verdict eq 'hold';
		$batch->expect($release, 'DONE');
		$batch->check_tables;
		$batch->sql('ROLLBACK');
	}
	if ($verdict eq 'fail')
	{
		$batch->expect_error($release, 'SF041');
		without_rules($batch);
	}
	elsif ($verdict eq 'hold')
	{
		$batch->expect($release, 'HELD');
		$findings = join "\n", sort split(/\n/, $findings), map { $_->{line} } @$referring;
		$batch->expect(Datasurface::Differential::Brakes::findings_sql($batch), $findings);
	}
	Datasurface::Differential::Around::call($batch, $batch->{stream}{other}, $release, 'DONE');
	$batch->expect(Datasurface::Differential::Brakes::findings_sql($batch), $findings);
	return;
}

sub after_failure
{
	my ($batch, $way) = @_;
	without_rules($batch);
	return $batch->publish($way);
}

sub without_rules
{
	my ($batch) = @_;
	for my $dataset (@{ $batch->{stream}{datasets} })
	{
		$dataset->{brakes} = undef;
		Datasurface::Differential::Rules::forget($dataset);
	}
	$batch->{stream}{datasets}[0]{load}->();
	return;
}

1;
