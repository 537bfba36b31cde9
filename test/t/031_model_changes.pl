# Random changes of random models, and batches between them, against an oracle in plain tables: no change of a model
# makes a version, loses a value that it need not, or changes what an earlier batch gives. Pulls and pushes are open or
# held meanwhile. In every second round, calls that reconcile are stopped at random moments from another session, and
# values are larger than a page.
#
#   DATASURFACE_SEED=7      only this seed; else a few that never change, and a new one; with DATASURFACE_SECONDS as
#                           many as that time has room for (Datasurface/Seeds.pm)
#   DATASURFACE_ROUNDS=20   rounds per seed
#   DATASURFACE_ROUND=3     of these only this one
#
# A round that fails prints its seed and number, and leaves the statements it sent in the log folder.
use strict;
use warnings;
use PostgreSQL::Test::Cluster;
use PostgreSQL::Test::Utils;
use Test::More;
use Datasurface::Change::Round;
use Datasurface::Seeds;

my $seeds = Datasurface::Seeds->new(fixed => [1], new => 1);
my @rounds = $ENV{DATASURFACE_ROUND} // (1 .. $ENV{DATASURFACE_ROUNDS} // 2);

my $node = PostgreSQL::Test::Cluster->new('model_changes');
$node->init(extra => [ '--encoding=UTF8', '--locale=C' ]);
$node->append_conf('postgresql.conf',
	"fsync = off\nautovacuum = off\nlc_monetary = 'C'\nlog_statement = none\nmax_locks_per_transaction = 256\n");
$node->start;

sub leave_traces
{
	my ($name, $round) = @_;
	my $path = "$PostgreSQL::Test::Utils::log_path/$name.sql";
	open(my $file, '>', $path) or die "$path: $!";
	print {$file} join ";\n", @{ $round->{session}{sent} };
	close $file;
	return $path;
}

while (defined(my $seed = $seeds->next_seed))
{
	for my $number (@rounds)
	{
		my $round = Datasurface::Change::Round->new($node, $seed, $number);
		my $problem = $round->run;
		note join "\n", @{ $round->{trace} } if $ENV{DATASURFACE_TRACE};
		ok(!$problem, "seed $seed, round $number: the tables are what the oracle says") and next;
		diag "DATASURFACE_SEED=$seed DATASURFACE_ROUND=$number repeats this:\n$problem";
		my @trace = @{ $round->{trace} };
		diag join("\n", 'before it:', @trace > 12 ? @trace[ -12 .. -1 ] : @trace);
		diag 'statements: ' . leave_traces("model_changes_${seed}_$number", $round);
	}
}

$node->stop;
done_testing();
