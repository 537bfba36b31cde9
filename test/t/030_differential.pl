# Random models and random streams of batches through both merge engines, against a naive recomputation
# (test/sql/lib/differential_oracle.sql); and amcheck's opinion of the tables at the end.
#
#   DATASURFACE_SEED=7      only this seed; else a few that never change, and a new one; with DATASURFACE_SECONDS as
# many
#                           as that time has room for (Datasurface/Seeds.pm)
#   DATASURFACE_ROUNDS=20   rounds per seed
#   DATASURFACE_ROUND=3     of these only this one
#
# A round that fails prints its seed and number, and leaves the statements it sent and its model in the log folder.
use strict;
use warnings;
use PostgreSQL::Test::Cluster;
use PostgreSQL::Test::Utils;
use Test::More;
use Datasurface::Differential::Model;
use Datasurface::Differential::Round;
use Datasurface::Seeds;

my $seeds = Datasurface::Seeds->new(fixed => [ 1, 2, 3 ], new => 1);
my $rounds = $ENV{DATASURFACE_ROUNDS} // 5;
my $unchecked = 0;
my @rounds = $ENV{DATASURFACE_ROUND} // (1 .. $rounds);

my $node = PostgreSQL::Test::Cluster->new('differential');
$node->init(extra => [ '--encoding=UTF8', '--locale=C' ]);
# Where a row lies decides the order of some changes, and nothing but the seed may.
$node->append_conf('postgresql.conf',
	"fsync = off\nautovacuum = off\nmax_wal_size = 1GB\nlc_monetary = 'C'\nlog_statement = none\n");
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
		my $title = "seed $seed, round $number";
		my $round = Datasurface::Differential::Round->new($node, $seed, $number);
		my $problem = $round->run;
		$unchecked++ unless $problem || $round->{checked_by_amcheck};
		ok(!$problem, "$title: the tables are what the naive recomputation says") and next;
		diag "DATASURFACE_SEED=$seed DATASURFACE_ROUND=$number repeats this ($round->{encoding}):\n$problem";
		diag 'statements: ' . leave_traces("differential_${seed}_$number", $round);
		diag 'model: ' . Datasurface::Differential::Model::document($round->{model}) if $round->{model};
	}
}
note "amcheck is missing: $unchecked rounds ended without it" if $unchecked;

$node->stop;
done_testing();
