# Datasets whose rows are laid out as few are: very many columns, or rows that fill a page.
package Datasurface::Adversary::Layouts;

use strict;
use warnings;
use Datasurface::Differential::Model;
use Datasurface::Differential::Random;

# A row of so many columns fits a page where each takes few bytes.
my %narrow = map { $_ => 1 } 'boolean', '"char"', 'smallint', 'integer', 'real', 'date', 'varchar(10)', 'bit(3)',
	'"ds types".small', '"ds types".tiny',
  '"ds types"."Mood; x"', 'oid';

# In the place of Datasurface::Differential::Model::random_dataset.
sub wide
{
	my ($model, $d, $name) = @_;
	my $count = pick(100, 300, 700, 1000, 1500);
	my @types = grep { !$_->{large} && ($narrow{ $_->{type} } || $count <= 300) } @{ $model->{types} };
	my @columns = map { column("c$_", pick(@types), chance(60)) } 1 .. $count;
	return dataset($model, $d, $name, \@columns, roll($count), $count < 1000 ? 0 : 1);
}

# 64 bytes a column that cannot be stored elsewhere, and a little that can: at 8,160 bytes a row is full.
sub full
{
	my ($model, $d, $name) = @_;
	my %types = map { $_->{type} => $_ } @{ $model->{types} };
	my ($text) = grep { $_->{type} eq 'text' && !$_->{large} } @{ $model->{types} };
	my @columns = (
		column('k', $types{integer}, 0),
		(map { column("n$_", $types{name}, $_ % 10 == 0) } 1 .. 119 + roll(6)),
		(map { column("u$_", $types{uuid}, 0) } 1 .. roll(12)),
		(map { column("b$_", $types{boolean}, 0) } 1 .. roll(16)),
		map { column("t$_", pick($text, $types{'varchar(10)'}), 1) } 1 .. roll(3));
	return dataset($model, $d, $name, \@columns, 0, 1);
}

sub column
{
	my ($name, $type, $nullable) = @_;
	return { name => $name, type => $type, key => 0, nullable => $nullable };
}

# tight: rows may be too large for a page, and nothing may be added to them.
sub dataset
{
	my ($model, $d, $name, $columns, $key, $tight) = @_;
	my $dataset = Datasurface::Differential::Model::random_dataset($model, $d, $name);
	my $first = $columns->[$key];
	($first->{type}) = grep { $_->{type} eq 'integer' } @{ $model->{types} } unless $first->{type}{key};
	@{$first}{qw(key nullable)} = (1, 0);
	@{$dataset}{qw(columns key tight)} = ($columns, [ $first->{name} ], $tight);
	return $dataset;
}

1;
