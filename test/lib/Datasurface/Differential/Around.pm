# What there may be around the call that publishes a batch: a transaction with savepoints and open cursors, and somebody
# who maintains the tables at the same moment. The end must be the same.
package Datasurface::Differential::Around;

use strict;
use warnings;
use Datasurface::Differential::Maintenance;
use Datasurface::Differential::Random;

my $patience = 60; # s

# $batch: a Datasurface::Differential::Batch; $other: a session of somebody else.
sub call
{
	my ($batch, $other, $call, $answer) = @_;
	return in_transaction($batch, $call, $answer) if chance(25);
	return $batch->expect($call, $answer) unless $other && chance(25);
	return maintained($batch, $other, $call, $answer);
}

# The call is rolled back once, and comes again. The cursors show what there was before.
sub in_transaction
{
	my ($batch, $call, $answer) = @_;
	my %tables = Datasurface::Differential::Maintenance::tables($batch->{session},
		pick(@{ $batch->{stream}{datasets} }));
	my @tables = some(1 + roll(3), @tables{qw(merge history staging)});
	my @counts = map { scalar $batch->sql("SELECT count(*) FROM $_") } @tables;
	my $scroll = pick('', 'SCROLL');
	$batch->sql('BEGIN');
	$batch->sql("DECLARE \"c $_\" $scroll CURSOR FOR SELECT * FROM $tables[$_]; MOVE 1 FROM \"c $_\"")
		for 0 .. $#tables;
	$batch->sql('SAVEPOINT one; SAVEPOINT two');
	$batch->expect($call, $answer);
	$batch->sql('ROLLBACK TO ' . pick(qw(one two)) . '; SAVEPOINT two');
	$batch->expect($call, $answer);
	$batch->sql('RELEASE two') if chance(50);
	for my $n (0 .. $#tables)
	{
		my $left = () = $batch->sql("FETCH ALL FROM \"c $n\"");
		my $wanted = $counts[$n] ? $counts[$n] - 1 : 0;
		# a value of several lines is several
		die "batch $batch->{number}: a cursor on $tables[$n] has $left lines left, not $wanted rows or more\n"
			if $left < $wanted;
	}
	return $batch->sql('COMMIT');
}

sub maintained
{
	my ($batch, $other, $call, $answer) = @_;
	my %tables = Datasurface::Differential::Maintenance::tables($batch->{session},
		pick(@{ $batch->{stream}{datasets} }));
	my $sql = Datasurface::Differential::Maintenance::meanwhile(%tables);
	$other->post($sql);
	$batch->expect($call, $answer);
	my ($sqlstate, $lines, $error) = $other->poll($patience) or die "batch $batch->{number}: hangs beside it: $sql\n";
	die "batch $batch->{number}: beside it, $sql ended with $sqlstate: $error\n" if $sqlstate;
	return;
}

1;
