# The states of batches, at random: several sessions call any function on a few streams in any order, while the source
# changes, the model is loaded anew, and sessions and the server die (Datasurface/Adversary/States.pm).
#
#   DATASURFACE_SEED, DATASURFACE_SECONDS: Datasurface/Seeds.pm
#
# A seed that fails leaves a trace of all that was called and answered in the log folder.
use strict;
use warnings;
use PostgreSQL::Test::Utils;
use Test::More;
use Datasurface::Adversary::States;
use Datasurface::Differential::Session;
use Datasurface::Seeds;
use Datasurface::StopPoints qw(start_node);

my $seeds = Datasurface::Seeds->new(fixed => [1], new => 1);
my $node = start_node('states', settings => 'max_connections = 30');

sub leave_trace
{
	my ($seed, $states) = @_;
	my $path = "$PostgreSQL::Test::Utils::log_path/states_$seed.trace";
	open(my $file, '>', $path) or die "$path: $!";
	print {$file} map { "$_\n" } @{ $states->{trace} };
	close $file;
	return $path;
}

# a server that goes down may say so with the answer of a query that succeeded: that is no state of a batch
for my $code (qw(57P01 57P02))
{
	my ($sqlstate) = Datasurface::Differential::Session->_answer("1\nWARNING:  $code: terminating connection\n");
	is($sqlstate, 'lost', "a session that is warned of its end by $code is lost");
}

while (defined(my $seed = $seeds->next_seed))
{
	my $states = Datasurface::Adversary::States->new($node, $seed);
	my $done = eval { $states->run(6, 60); 1 };
	my $problem = $@;
	note $states->summary;
	ok($done, "seed $seed: every state is one that may be") and next;
	diag "DATASURFACE_SEED=$seed draws the same again:\n$problem";
	diag 'trace: ' . leave_trace($seed, $states);
	last;
}

$node->stop('immediate', fail_ok => 1);
unlike(slurp_file($node->logfile), qr/TRAP:|PANIC:  (?!.*terminating)|was terminated by signal (?!9)|ERROR:  XX\d\d\d/,
	'nothing crashed but what was killed');
done_testing();
