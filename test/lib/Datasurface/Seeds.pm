# The seeds of a random test, and how long it goes on.
#
#   DATASURFACE_SEED=7       only this seed
#   DATASURFACE_SECONDS=60   goes on with new seeds until so many seconds have passed
#
# Without them: seeds that never change, and as many new ones as the test asks for. New seeds follow a random one, so
# that those that a round consumes do not matter.
package Datasurface::Seeds;

use strict;
use warnings;
use Test::More;

# fixed: a list; new: how many that nobody has drawn before.
sub new
{
	my ($class, %options) = @_;
	my $seconds = $ENV{DATASURFACE_SECONDS} || 0;
	my $seed = $ENV{DATASURFACE_SEED};
	return bless {
		left => [ $seed ? $seed : @{ $options{fixed} } ],
		new => $seed ? 0 : $options{new},
		next => 1000 + int(rand(1_000_000)),
		until => time + $seconds,
		seconds => $seconds }, $class;
}

# The next seed, which is printed so that it can be drawn again; undef at the end.
sub next_seed
{
	my ($self) = @_;
	return if $self->{seconds} && $self->{begun} && time >= $self->{until};
	my $seed = shift @{ $self->{left} };
	if (!defined $seed && ($self->{new}-- > 0 || $self->{seconds}))
	{
		$seed = $self->{next}++;
	}
	return unless defined $seed;
	$self->{begun} = 1;
	note "seed $seed";
	return $seed;
}

1;
