# Rows that few have, at random: up to 1,500 columns, rows that fill a page, and so many rows that the merge goes
# through temporary files. Types and maintenance are those of the differential test, and so is its oracle, where it is
# not too slow.
#
#   DATASURFACE_SEED, DATASURFACE_SECONDS: Datasurface/Seeds.pm
use strict;
use warnings;
use PostgreSQL::Test::Cluster;
use PostgreSQL::Test::Utils;
use Test::More;
use Datasurface::Adversary::Layouts;
use Datasurface::Adversary::Many;
use Datasurface::Differential::Round;
use Datasurface::Seeds;

my $seeds = Datasurface::Seeds->new(fixed => [2], new => 1);

my $node = PostgreSQL::Test::Cluster->new('rows');
$node->init(extra => [ '--encoding=UTF8', '--locale=C' ]);
$node->append_conf('postgresql.conf',
	"fsync = off\nautovacuum = off\nmax_wal_size = 1GB\nlc_monetary = 'C'\nlog_statement = none\n");
$node->start;

sub round
{
	my ($seed, $number, %setting) = @_;
	my $round = Datasurface::Differential::Round->new($node, $seed, $number, %setting);
	my $problem = $round->run;
	return unless $problem;
	my $path = "$PostgreSQL::Test::Utils::log_path/rows_${seed}_$number.sql";
	open(my $file, '>', $path) or die "$path: $!";
	print {$file} join ";\n", @{ $round->{session}{sent} };
	close $file;
	return "$problem\nstatements: $path";
}

sub many
{
	my ($seed) = @_;
	my $many = Datasurface::Adversary::Many->new($node, $seed);
	return eval { $many->run(4); 1 } ? undef : $@;
}

while (defined(my $seed = $seeds->next_seed))
{
	for my $part ([ 'very many columns',
		sub { round($seed, 1, dataset => \&Datasurface::Adversary::Layouts::wide, datasets => 1, batches => 4) } ],
		[ 'rows that fill a page', sub { round($seed, 2, dataset => \&Datasurface::Adversary::Layouts::full,
			datasets => 2, batches => 5) } ],
		[ 'many rows', sub { many($seed) } ])
	{
		my ($what, $run) = @{$part};
		my $problem = $run->();
		ok(!$problem, "seed $seed: $what") or diag "DATASURFACE_SEED=$seed repeats this:\n$problem";
	}
}

$node->stop;
done_testing();
