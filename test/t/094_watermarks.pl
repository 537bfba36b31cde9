# Datasets of which only rows beyond a mark are pulled, from another server and from this database, while sessions write there: they hold
# transactions open, commit late, prepare, and move marks backwards; calls die at any step. After each pull each dataset is what
# Datasurface::Watermarks::Oracle says, and equal to the source after a whole one.
#
#   DATASURFACE_SEED, DATASURFACE_SECONDS: Datasurface/Seeds.pm
#   DATASURFACE_ROUNDS=5    rounds per seed
#   DATASURFACE_ROUND=3     of these only this one
#
# A round that fails leaves a trace of what was called and answered in the log folder.
use strict;
use warnings;

use Datasurface::Seeds;
use Datasurface::Source qw(start_source write_secret);
use Datasurface::StopPoints qw(start_node);
use Datasurface::Watermarks::Hammer qw(hammer);
use Datasurface::Watermarks::Round;
use PostgreSQL::Test::Utils;
use Test::More;

my $seeds = Datasurface::Seeds->new(fixed => [1], new => 1);
my @rounds = $ENV{DATASURFACE_ROUND} // (1 .. $ENV{DATASURFACE_ROUNDS} // 1);
# a database for each round takes as long as many pulls
my $steps = $ENV{DATASURFACE_SECONDS} ? 200 : 30;
my $secrets = PostgreSQL::Test::Utils::tempdir();
my $far = start_source('far', reader => 'scram-sha-256');
$far->append_conf('postgresql.conf', "max_prepared_transactions = 20\nlog_statement = none");
$far->restart;
my $node = start_node('node', settings => "datasurface.secrets_directory = '$secrets'\nmax_prepared_transactions = 20");
write_secret($secrets, 'crm', username => 'reader', password => 'sesame');
$far->safe_psql('postgres', "CREATE ROLE reader LOGIN PASSWORD 'sesame' IN ROLE pg_read_all_stats");
$node->safe_psql('postgres', 'CREATE ROLE keeper');

sub leave_trace
{
	my ($name, $round) = @_;
	my $path = "$PostgreSQL::Test::Utils::log_path/$name.trace";
	open(my $file, '>', $path) or die "$path: $!";
	print {$file} map { "$_\n" } @{ $round->{trace} };
	close $file;
	return $path;
}

while (defined(my $seed = $seeds->next_seed))
{
	for my $number (@rounds)
	{
		my $round = Datasurface::Watermarks::Round->new($seed, $number, node => $node, far => $far);
		my $done = eval { $round->run($steps); 1 };
		my $problem = $@;
		note $round->summary;
		ok($done, "seed $seed, round $number: every dataset is what its mark promises") and $round->end;
		next if $done;
		diag "DATASURFACE_SEED=$seed DATASURFACE_ROUND=$number draws the same again:\n$problem";
		diag 'trace: ' . leave_trace("watermarks_${seed}_$number", $round);
	}
	my ($problem, $pulls) = hammer($node, $far, "hammer_$seed", 2);
	is($problem, '', "seed $seed: $pulls pulls among writers that never pause lose nothing");
}

$node->stop;
unlike(slurp_file($node->logfile), qr/TRAP:|PANIC:|was terminated by signal (?!9)|ERROR:  XX\d\d\d/, 'nothing crashed but what was killed');
done_testing();
