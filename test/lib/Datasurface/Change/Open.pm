# Batches that are open while the model changes: pulls and pushes that have begun, that have staged their rows, or that
# are held. Each goes on by its run id afterwards, under the new model.
package Datasurface::Change::Open;

use strict;
use warnings;
use Datasurface::Change::Model qw();
use Datasurface::Change::Oracle;
use Datasurface::Differential::Names qw(quoted_name quoted_text);
use Datasurface::Differential::Random;

sub open_batch
{
	my ($round, $of) = @_;
	my ($session, $model) = @{$round}{qw(session model)};
	return if $model->{open};
	return hold_batch($round, $of) if chance(30);
	my @datasets = $round->of_stream($of);
	for my $dataset (@datasets)
	{
		$round->change_source($dataset);
		Datasurface::Change::Oracle::clean($session, $dataset);
	}
	my $stream = quoted_text(Datasurface::Change::Model::stream_of($model, $of));
	my $run = $round->next_run;
	my $number = $session->run("SELECT datasurface.ds_start_batch($stream, '$run')");
	my $staged = chance(60);
	if ($of->{kind} eq 'push') { stage($round, $stream, $number, $staged, @datasets) }
	elsif ($staged) { $session->run("SELECT datasurface.ds_ingest($stream, $number)") }
	$model->{open} = { of => $of, run => $run };
	$round->trace("batch $number of $stream is open" . ($staged ? ', and has staged its rows' : ''));
	return;
}

# By a brake that every change trips, and that goes with the next load. A batch that changes nothing is published.
sub hold_batch
{
	my ($round, $of) = @_;
	$round->{model}{holds} = 1;
	$round->load;
	$round->batch($of, 1);
	delete $round->{model}{holds};
	$round->load unless $round->{model}{open};
	return;
}

sub stage
{
	my ($round, $stream, $number, $seals, @datasets) = @_;
	my $session = $round->{session};
	my $rows = 0;
	for my $dataset (@datasets)
	{
		my $staging = $round->tables($dataset)->{staging};
		my @columns = @{ $dataset->{columns} };
		my $names = join ', ', map { quoted_name($_->{name}) } @columns;
		$session->run("INSERT INTO $staging ($names) SELECT " . Datasurface::Change::Oracle::list('', @columns)
			  . " FROM source.s$dataset->{d} ORDER BY pos");
		$rows += $session->run("SELECT count(*) FROM source.s$dataset->{d}");
	}
	$session->run("SELECT datasurface.ds_ingest($stream, $number, rows => $rows)") if $seals;
	return;
}

# A push that was open. What it staged by another definition is never published: it must be reset, and staged anew.
sub take_up_push
{
	my ($round, $stream, $run, @datasets) = @_;
	my $session = $round->{session};
	my ($number, $state) = split /\|/,
		$session->run("SELECT batch, state FROM datasurface.batches WHERE stream = $stream AND '$run' = ANY (run_ids)");
	if ($state ne 'started')
	{
		my ($sqlstate, $lines) = $session->attempt("SELECT datasurface.ds_run($stream, '$run')");
		return if !$sqlstate && $lines->[0] eq 'DONE';
		$sqlstate ||= $session->run("SELECT coalesce(error_sqlstate, state) FROM datasurface.batches"
			  . " WHERE stream = $stream AND batch = $number");
		# a load that changed nothing but the brake leaves it held
		die "the open push $number of $stream ended with $sqlstate\n" unless $sqlstate =~ /\A(?:SF002|held)\z/;
	}
	$round->trace("batch $number of $stream, $state, is reset");
	$session->run("SELECT datasurface.ds_reset_batch($stream, $number)");
	return stage($round, $stream, $number, 1, @datasets);
}

1;
