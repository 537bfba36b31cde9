# Random changes of a source table, and the dirt that a batch must refuse.
package Datasurface::Differential::Changes;

use strict;
use warnings;
use Datasurface::Differential::Model;
use Datasurface::Differential::Names qw(quoted_name quoted_text);
use Datasurface::Differential::Random;
use Datasurface::Differential::Types qw(value_sql);

my $most_rows = 40;

sub value_of
{
	my ($column) = @_;
	return 'NULL' if $column->{nullable} && chance(20);
	return value_sql($column->{type}, pick(@{ $column->{type}{values} }), \&quoted_text);
}

sub random_rows
{
	my ($dataset, $count) = @_;
	my @rows = map { '(' . join(', ', map { value_of($_) } @{ $dataset->{columns} }) . ')' } 1 .. $count;
	return "INSERT INTO source.d$dataset->{d} (" . Datasurface::Differential::Model::columns_sql($dataset, '')
		. ') VALUES '
	  . join(', ', @rows);
}

# A part of the rows that the seed decides.
sub some_rows
{
	my $modulus = 1 + roll(6);
	return "\"oracle pos\" % $modulus = " . roll($modulus);
}

sub update
{
	my ($dataset) = @_;
	my @columns = @{ $dataset->{columns} };
	@columns = grep { !$_->{key} } @columns if chance(80) && grep { !$_->{key} } @columns;
	my @set = map { quoted_name($_->{name}) . ' = ' . value_of($_) } some(1 + roll(3), @columns);
	return "UPDATE source.d$dataset->{d} SET " . join(', ', @set) . ' WHERE ' . some_rows();
}

# What is nothing, and what is merely empty.
sub swap_null
{
	my ($dataset) = @_;
	my @columns = grep { $_->{nullable} } @{ $dataset->{columns} } or return update($dataset);
	my $column = pick(@columns);
	my $name = quoted_name($column->{name});
	my $first = value_sql($column->{type}, $column->{type}{values}[0], \&quoted_text);
	return "UPDATE source.d$dataset->{d} SET $name = CASE WHEN $name IS NULL THEN $first END"
	  . " WHERE $name IS NULL OR ${name}::text IN ('', '{}')";
}

# The same values and NULLs, in other columns.
sub exchange
{
	my ($dataset) = @_;
	my (%of_type, @pairs);
	for my $column (grep { $_->{nullable} } @{ $dataset->{columns} })
	{
		my $other = $of_type{ $column->{type}{type} };
		push @pairs, [ $other, quoted_name($column->{name}) ] if $other;
		$of_type{ $column->{type}{type} } = quoted_name($column->{name});
	}
	my ($one, $other) = @pairs ? @{ pick(@pairs) } : return update($dataset);
	return "UPDATE source.d$dataset->{d} SET $one = $other, $other = $one WHERE "
		. pick(some_rows(), "num_nulls($one, $other) = 1");
}

sub insert { return random_rows($_[0], 1 + roll(6)) }

sub remove { return "DELETE FROM source.d$_[0]{d} WHERE " . some_rows() }

sub keep
{
	my ($dataset) = @_;
	my $list = Datasurface::Differential::Model::columns_sql($dataset, '');
	return "TRUNCATE source.kept_d$dataset->{d}; INSERT INTO source.kept_d$dataset->{d} ($list) SELECT $list"
	  . " FROM source.d$dataset->{d} ORDER BY \"oracle pos\"";
}

# Back to what was kept: deletes undone, flip-flops; in another order of arrival and on other pages.
sub restore
{
	my ($dataset) = @_;
	my $list = Datasurface::Differential::Model::columns_sql($dataset, '');
	return "DELETE FROM source.d$dataset->{d}; INSERT INTO source.d$dataset->{d} ($list) SELECT $list"
	  . " FROM source.kept_d$dataset->{d}" . pick('', ' ORDER BY ctid DESC');
}

sub arrive_later
{
	my ($dataset) = @_;
	return "UPDATE source.d$dataset->{d} SET \"oracle pos\" = DEFAULT WHERE " . some_rows();
}

# The statements that make the next image of a dataset.
sub mutate
{
	my ($dataset, $rows) = @_;
	return () if chance(12);
	return ("DELETE FROM source.d$dataset->{d}") if chance(5);
	my @steps = (random_rows($dataset, 1 + roll($most_rows / 2))) x ($rows == 0);
	my @choices = (\&insert, \&insert, \&update, \&update, \&update, \&swap_null, \&exchange, \&exchange,
		\&remove, \&keep, \&restore, \&arrive_later);
	push @steps, pick(@choices)->($dataset) for 1 .. 1 + roll(4);
	push @steps, remove($dataset) if $rows > $most_rows;
	return @steps;
}

# A second row of a key that is there: its other columns are its own.
sub duplicate
{
	my ($dataset) = @_;
	my @columns = @{ $dataset->{columns} };
	my @values = map { $_->{key} ? quoted_name($_->{name}) : value_of($_) } @columns;
	return "INSERT INTO source.d$dataset->{d} (" . Datasurface::Differential::Model::columns_sql($dataset, '')
		. ') SELECT '
	  . join(', ', @values) . " FROM source.d$dataset->{d} WHERE " . some_rows();
}

sub null_key
{
	my ($dataset) = @_;
	my @values = map { value_of($_) } @{ $dataset->{columns} };
	my $victim = pick(@{ $dataset->{key} });
	for my $i (0 .. $#values)
	{
		$values[$i] = 'NULL' if $dataset->{columns}[$i]{name} eq $victim;
	}
	return "INSERT INTO source.d$dataset->{d} (" . Datasurface::Differential::Model::columns_sql($dataset, '')
		. ') VALUES ('
	  . join(', ', @values) . ')';
}

1;
