# First loads in chunks, from another server and from this database, while the source changes, calls die at any step, and servers crash. Nothing
# shows before the batch that publishes the dataset; after it the dataset is what the source was, and its counts are exact.
#
#   DATASURFACE_SEED, DATASURFACE_SECONDS: Datasurface/Seeds.pm
#   DATASURFACE_ROUNDS=5    rounds per seed
#   DATASURFACE_ROUND=3     of these only this one
#
# A round that fails leaves a trace of what was called and answered in the log folder.
use strict;
use warnings;

use Datasurface::FirstLoads::Round;
use Datasurface::Seeds;
use Datasurface::Source qw(start_source write_secret);
use Datasurface::StopPoints qw(start_node);
use PostgreSQL::Test::Utils;
use Test::More;

my $seeds = Datasurface::Seeds->new(fixed => [ 1, 2 ], new => 1);
my @rounds = $ENV{DATASURFACE_ROUND} // (1 .. $ENV{DATASURFACE_ROUNDS} // 3);
my $secrets = PostgreSQL::Test::Utils::tempdir();
my $far = start_source('far', reader => 'scram-sha-256');
$far->append_conf('postgresql.conf', 'log_statement = none');
$far->restart;
my $node = start_node('node', settings => "datasurface.secrets_directory = '$secrets'\nmax_connections = 40");
write_secret($secrets, 'crm', username => 'reader', password => 'sesame');
$far->safe_psql('postgres', "CREATE ROLE reader LOGIN PASSWORD 'sesame'");
$node->safe_psql('postgres', 'CREATE ROLE keeper');

sub leave_trace
{
	my ($name, $round) = @_;
	my $path = "$PostgreSQL::Test::Utils::log_path/$name.trace.log";
	open(my $file, '>', $path) or die "$path: $!";
	print {$file} map { "$_\n" } @{ $round->{trace} };
	close $file;
	return $path;
}

while (defined(my $seed = $seeds->next_seed))
{
	for my $number (@rounds)
	{
		my $round = Datasurface::FirstLoads::Round->new($seed, $number, node => $node, far => $far);
		my $done = eval { $round->run; 1 };
		my $problem = $@;
		note $round->summary;
		leave_trace("first_loads_${seed}_$number", $round) if $ENV{DATASURFACE_ROUND};
		ok($done, "seed $seed, round $number: nothing shows, and then all") and $round->end;
		next if $done;
		diag "DATASURFACE_SEED=$seed DATASURFACE_ROUND=$number draws the same again:\n$problem";
		diag 'trace: ' . leave_trace("first_loads_${seed}_$number", $round);
	}
}

$node->stop;
unlike(slurp_file($node->logfile), qr/TRAP:|PANIC:|was terminated by signal (?!9)|ERROR:  XX\d\d\d/, 'nothing crashed but what was killed');
done_testing();
