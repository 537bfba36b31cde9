# Random checks and references of datasets, and which rows of a batch break them, by the oracle.
package Datasurface::Differential::Rules;

use strict;
use warnings;
use Datasurface::Differential::Names qw(column_names quoted_name quoted_text);
use Datasurface::Differential::Random;
use Datasurface::Differential::Types qw(value_sql);

# For all datasets of a model, whose columns are known. Rows that may be too large for a page have none.
sub draw
{
	my ($session, $model) = @_;
	for my $dataset (@{ $model->{datasets} })
	{
		forget($dataset);
		next if $dataset->{tight};
		$dataset->{checks} = [ random_checks($session, $model, $dataset) ] if chance(35);
		$dataset->{references} = [ random_references($model, $dataset) ] if chance(35);
	}
	return;
}

sub forget { my ($dataset) = @_; return delete @{$dataset}{qw(checks references)} }

sub severity { return pick(qw(warn warn warn hold hold fail)) }

sub random_checks
{
	my ($session, $model, $dataset) = @_;
	my %seen;
	my @names = grep { !$seen{$_}++ && $model->{fits}->($_) } some(1 + roll(3), column_names());
	return map { { name => $_, condition => random_condition($session, $dataset), severity => severity() } } @names;
}

# One that the server takes: not every type that can be a key has an operator by the name alone.
sub random_condition
{
	my ($session, $dataset) = @_;
	my $column = pick(@{ $dataset->{columns} });
	my $name = quoted_name($column->{name});
	my $drawn = pick(\&compared, \&compared, \&compared, \&given, \&both)->($dataset, $column, $name);
	$session->run('SET search_path = pg_catalog');
	my ($refused) = $session->attempt("SELECT FROM source.d$dataset->{d} WHERE $drawn\n");
	$session->run('RESET search_path');
	return $refused ? "$name IS NOT NULL" : $drawn;
}

sub compared
{
	my ($dataset, $column, $name) = @_;
	my @values = grep { !/\A=/ } @{ $column->{type}{values} } or return given(@_);
	my $comparison = "$name " . pick(qw(< <= <> = >= >)) . ' '
	  . value_sql($column->{type}, pick(@values), \&quoted_text);
	return pick($comparison, "NOT ($comparison)", "$name IS NULL OR $comparison", "$comparison -- it's )");
}

sub given { return "$_[2] IS " . pick('NULL', 'NOT NULL', 'NOT NULL', 'NOT DISTINCT FROM NULL') }

sub both
{
	my ($dataset, $column, $name) = @_;
	my $other = pick(@{ $dataset->{columns} });
	my $second = quoted_name($other->{name});
	return "$name " . pick(qw(<= = <>)) . " $second" if $column->{type}{type} eq $other->{type}{type};
	return "($name IS NULL) " . pick(qw(= >=)) . " ($second IS NULL)";
}

# To any dataset of the model, itself too; columns refer to those of the same type that have an equality.
sub random_references
{
	my ($model, $dataset) = @_;
	my %seen = map { $_->{name} => 1 } @{ $dataset->{checks} // [] }; # checks and references have names of one kind
	my @references;
	my @names = grep { !$seen{$_}++ && $model->{fits}->($_) } shuffled(column_names());
	for my $other (shuffled(grep { !$_->{tight} } @{ $model->{datasets} }))
	{
		my @pairs = pairs($dataset, $other) or next;
		my (%from, %to);
		my @chosen = grep { !$from{ $_->[0] }++ && !$to{ $_->[1] }++ } some(pick(1, 1, 2), @pairs);
		my @to = map { $_->[1] } @chosen;
		my $by_key = "@to" eq "@{ $other->{key} }" && chance(50);
		push @references, { name => shift @names, severity => severity(), dataset => $other->{name},
			columns => [ map { $_->[0] } @chosen ], $by_key ? () : (to => \@to) };
		last if chance(60);
	}
	return @references;
}

sub pairs
{
	my ($dataset, $other) = @_;
	my @pairs;
	for my $from (grep { $_->{type}{key} } @{ $dataset->{columns} })
	{
		push @pairs, map { [ $from->{name}, $_->{name} ] }
		  grep { $_->{type}{type} eq $from->{type}{type} && ($dataset != $other || $_ != $from) } @{ $other->{columns} };
	}
	return @pairs;
}

# ['check', name, severity, rows] of those that rows of a batch break.
sub broken
{
	my ($batch, $dataset) = @_;
	my @broken;
	for my $check (@{ $dataset->{checks} // [] })
	{
		my $rows = $batch->sql("SELECT oracle.broken($dataset->{d}, $batch->{number}, "
			. quoted_text($check->{condition}) . ')');
		push @broken, [ 'check', $check->{name}, $check->{severity}, $rows ] if $rows;
	}
	return @broken;
}

# ['reference', name, severity, rows] likewise. A reference is asked if one of its datasets changes in the batch.
sub dangling
{
	my ($batch, $dataset) = @_;
	my @dangling;
	for my $reference (@{ $dataset->{references} // [] })
	{
		my ($other) = grep { $_->{name} eq $reference->{dataset} } @{ $batch->{stream}{model}{datasets} };
		my $together = grep { $_ == $other } @{ $batch->{stream}{datasets} };
		my $changes = $batch->sql("SELECT " . join ' + ',
			map { "oracle.changes($_->{d}, $batch->{number})" } $dataset, $together ? $other : ());
		next unless $changes;
		my $there = $together ? $batch->{number} : "oracle.newest($other->{d})";
		my $rows = $batch->sql("SELECT oracle.dangling($dataset->{d}, $batch->{number}, "
			. names_sql(@{ $reference->{columns} }) . ", $other->{d}, $there, "
			. names_sql(@{ $reference->{to} // $other->{key} }) . ')');
		push @dangling, [ 'reference', $reference->{name}, $reference->{severity}, $rows ] if $rows;
	}
	return @dangling;
}

sub names_sql { return 'ARRAY[' . join(', ', map { quoted_text($_) } @_) . ']' }

1;
