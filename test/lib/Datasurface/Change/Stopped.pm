# A reconcile from another session that is stopped at a random moment, by a cancel or by the end of its backend. What it
# has committed stays, and the next call goes on from there.
package Datasurface::Change::Stopped;

use strict;
use warnings;
use Datasurface::Differential::Random;
use Datasurface::Differential::Session;

my $patience = 60; # s
my $longest = 0.15; # s, of most calls until they are stopped

# $allowed: as for Round::reconcile_once
sub reconcile
{
	my ($round, $allowed) = @_;
	my $session = $round->{session};
	my $other = Datasurface::Differential::Session->connect_to(@{$round}{qw(node database)});
	my $backend = $other->run('SELECT pg_backend_pid()');
	$other->run('SET datasurface.large_table_size = ' . pick(0, 65536));
	my $call = chance(75) ? 'CALL datasurface.ds_reconcile(' . join(', ', 'chunk => ' . pick(1, 1, 2, 100), $allowed || ())
		. ')' : "SELECT count(*) FROM datasurface.ds_reconcile_schema($allowed)";
	my $stop = pick('pg_cancel_backend', 'pg_terminate_backend');
	my $after = rand($longest);
	$other->post($call);
	my ($sqlstate, undef, $error) = $other->poll($after);
	if (!defined $sqlstate)
	{
		$session->run("SELECT $stop($backend)");
		($sqlstate, undef, $error) = $other->poll($patience) or die "$call does not end by $stop\n";
	}
	$other->disconnect;
	$session->run("SELECT count(*) FROM pg_stat_activity WHERE pid = $backend") eq '0' or select undef, undef, undef, 0.01
		for 1 .. 500;
	$round->trace("$call, after $after s: " . ($sqlstate || 'done'));
	die "$call ended with $error\n" unless $sqlstate =~ /\A(?:|57014|57P01|lost)\z/;
	return;
}

1;
