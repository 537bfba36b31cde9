# Which of the two engines a merge should take, and what it should say of that.
package Datasurface::Differential::Engine;

use strict;
use warnings;
use Datasurface::Differential::Names qw(quoted_text);
use Datasurface::Differential::Random;

# Why the native engine cannot serve a dataset; undef when it can.
sub obstacle
{
	my ($dataset) = @_;
	return "the merge table $dataset->{obstacle}" if $dataset->{obstacle};
	return 'a key column has a type that cannot be hashed by its equality' if has_key($dataset, 'sql');
	return;
}

sub has_key
{
	my ($dataset, $kind) = @_;
	return scalar grep { $_->{key} && $_->{type}{key} eq $kind } @{ $dataset->{columns} };
}

# A setting that serves all these datasets.
sub pick_setting
{
	my (@datasets) = @_;
	return pick('auto', 'auto', 'sql', (grep { obstacle($_) } @datasets) ? 'auto' : 'native');
}

# Settings by which the same batch should come to the same end, or to a refusal.
sub others
{
	my ($setting, @datasets) = @_;
	return 'native' if $setting eq 'sql';
	return ('sql', (grep { obstacle($_) } @datasets) ? 'native' : ());
}

# What the batch should record.
sub record
{
	my ($dataset, $setting) = @_;
	my $why = $setting eq 'sql' ? 'datasurface.merge_engine is sql' : obstacle($dataset);
	return $why ? "sql, 0 workers: $why" : 'native, 0 workers: ';
}

sub recorded_sql
{
	my ($stream, $batch, $dataset) = @_;
	my $why = q{regexp_replace(coalesce(engine_reason, ''), '^key column ".*" has', 'a key column has')};
	return "SELECT engine || ', ' || workers || ' workers: ' || $why FROM datasurface.batch_datasets"
	  . ' WHERE stream = ' . quoted_text($stream) . " AND batch = $batch AND dataset = " . quoted_text($dataset);
}

1;
