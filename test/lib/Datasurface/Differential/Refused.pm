# A batch with rows that must be refused: duplicate keys, or NULL in one.
package Datasurface::Differential::Refused;

use strict;
use warnings;
use Datasurface::Differential::Changes;
use Datasurface::Differential::Random;

# It fails and nothing is changed; or the policy settles it.
sub refused
{
	my ($batch) = @_;
	my @datasets = @{ $batch->{stream}{datasets} };
	my $dirt = pick(\&Datasurface::Differential::Changes::duplicate, \&Datasurface::Differential::Changes::duplicate,
		\&Datasurface::Differential::Changes::null_key);
	$batch->change($_, $dirt->($_)) for some(1 + roll(2), @datasets);
	my %verdicts = map { $batch->sql("SELECT oracle.verdict($_->{d})") => 1 } @datasets;
	my @wanted = grep { $_ } sort keys %verdicts;
	return unless @wanted;
	$batch->{stream}{kind} eq 'push' ? push_in_vain($batch, @wanted) : pull_in_vain($batch, @wanted);
	$batch->check(0);
	$batch->expect("SELECT datasurface.ds_reset_batch($batch->{name}, $batch->{number})", 'started');
	$batch->expect_staged(0);
	$batch->{open} = 1;
	$batch->clean($_) for @datasets;
	return;
}

sub push_in_vain
{
	my ($batch, @wanted) = @_;
	$batch->start;
	$batch->stage;
	$batch->sql("SELECT datasurface.ds_ingest($batch->{name}, $batch->{number})");
	return fail_in_vain($batch, @wanted) if chance(50);
	merge_in_vain($batch, @wanted);
	return;
}

# Both engines refuse the same.
sub merge_in_vain
{
	my ($batch, @wanted) = @_;
	for my $engine ('auto', 'sql', $batch->{engine})
	{
		$batch->sql("SET datasurface.merge_engine = $engine");
		$batch->expect_error("SELECT * FROM datasurface.ds_merge_staging($batch->{name}, $batch->{number})", @wanted);
	}
	return;
}

sub pull_in_vain
{
	my ($batch, @wanted) = @_;
	return fail_in_vain($batch, @wanted) if chance(60);
	$batch->start;
	$batch->sql("SELECT datasurface.ds_ingest($batch->{name}, $batch->{number})");
	merge_in_vain($batch, @wanted);
	return;
}

sub fail_in_vain
{
	my ($batch, @wanted) = @_;
	return $batch->expect_error('CALL datasurface.ds_run_to_end(' . $batch->arguments . ')', @wanted) if chance(30);
	$batch->expect('SELECT datasurface.ds_run(' . $batch->arguments . ')', 'FAILED');
	$batch->expect_error('SELECT datasurface.ds_require(' . $batch->arguments . ')', @wanted);
	return;
}

1;
