# Owners who hide code where somebody else's batch would run it: in every place that there is, for every caller and call
# (Datasurface/Hostile/). Where the rule says no, nothing of it runs, and nothing is changed; where it says yes, and
# where the code is harmless, the batch is done.
#
#   DATASURFACE_SEED, DATASURFACE_SECONDS: Datasurface/Seeds.pm
#   DATASURFACE_PLACE="cast|trigger"   only places whose name this regular expression matches
#
# A round that fails leaves what was sent and answered in the log folder.
use strict;
use warnings;
use PostgreSQL::Test::Cluster;
use PostgreSQL::Test::Utils;
use Test::More;
use Time::HiRes qw(time);
use Datasurface::Differential::Random;
use Datasurface::Hostile::Judge qw(judge);
use Datasurface::Hostile::Round;
use Datasurface::Hostile::Witness qw(library);
use Datasurface::Seeds;
use Datasurface::Sql qw(sql_file);

my $seconds_without = 10;
my $rounds_of_a_seed = 20;
my $seeds = Datasurface::Seeds->new(fixed => [ 1, 2 ], new => 1);
my $only = $ENV{DATASURFACE_PLACE};
my $begun = time;
my $number = 0;
my %counts = map { $_ => 0 } qw(refused allowed harmless honest twins);

my $node = PostgreSQL::Test::Cluster->new('hostile');
$node->init;
$node->append_conf('postgresql.conf', "fsync = off\nautovacuum = off\nlog_statement = none\n");
$node->start;

$node->safe_psql('postgres', sql_file('hostile_roles') . library('safe')
	. 'SET ROLE hostile_owner;' . library('hidden_owner', 'hostile_owner') . 'RESET ROLE; SET ROLE hostile_third;'
		. library('hidden_third', 'hostile_third'));

sub leave_trace
{
	my ($seed, $trace) = @_;
	my $path = "$PostgreSQL::Test::Utils::log_path/owners_${seed}_$number.trace";
	open(my $file, '>', $path) or die "$path: $!";
	print {$file} $trace;
	close $file;
	return $path;
}

my @names = grep { !$only || /^(?:$only)$/ } Datasurface::Hostile::Round::place_names();

SEED: while (defined(my $seed = $seeds->next_seed))
{
	begin_with_seed($seed);
	my @places = $only ? (@names) x $rounds_of_a_seed : shuffled(@names);
	for my $draw (map { roll(1_000_000_000) } 1 .. $rounds_of_a_seed)
	{
		last SEED if $number && !$ENV{DATASURFACE_SECONDS} && !$ENV{DATASURFACE_SEED} && time > $begun + $seconds_without;
		my $place = shift @places // last;
		srand($draw);
		my $round = Datasurface::Hostile::Round->new(++$number, $place);
		my $trace = '';
		my @wrong = judge($round, $node, \%counts, \$trace);
		ok(!@wrong, "seed $seed: " . $round->title) and next;
		diag join("\n", @wrong), "\nDATASURFACE_SEED=$seed draws the same again; trace: ", leave_trace($seed, $trace);
	}
}
ok($number > 0, 'a round ran');
note sprintf '%d rounds in %.1f s: %d refused, %d allowed, %d where nothing hidden would run; '
	. '%d honest ends, %d harmless twins',
	$number, time - $begun, @counts{qw(refused allowed harmless honest twins)};

$node->stop;
unlike(slurp_file($node->logfile), qr/TRAP:|PANIC:|was terminated by signal|ERROR:  XX\d\d\d/,
	'the server did not crash');
done_testing();
