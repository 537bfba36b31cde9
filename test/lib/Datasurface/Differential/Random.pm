# Random choices that a seed repeats. Everything random in the differential test comes from here, and never from the
# order of a hash.
package Datasurface::Differential::Random;

use strict;
use warnings;
use Exporter qw(import);

our @EXPORT = qw(begin_with_seed roll chance pick shuffled some);

sub begin_with_seed
{
	my ($seed) = @_;
	srand($seed);
	return;
}

# 0 to $sides - 1
sub roll
{
	my ($sides) = @_;
	return int(rand($sides));
}

sub chance
{
	my ($percent) = @_;
	return roll(100) < $percent;
}

sub pick
{
	return $_[ roll(scalar @_) ];
}

# List::Util's shuffle need not be the same everywhere.
sub shuffled
{
	my @list = @_;
	for my $i (reverse 1 .. $#list)
	{
		my $j = roll($i + 1);
		@list[ $i, $j ] = @list[ $j, $i ];
	}
	return @list;
}

# $count different ones, or all when there are fewer.
sub some
{
	my ($count, @list) = @_;
	@list = shuffled(@list);
	return @list[ 0 .. ($count > @list ? $#list : $count - 1) ];
}

1;
