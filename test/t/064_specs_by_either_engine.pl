# What two sessions do to each other is the same whichever engine merges: the specs that meet a merge run by native
# alone, which then may not give way to sql, and by sql alone.
use strict;
use warnings;

use File::Basename qw(dirname);
use FindBin;
use IPC::Run;
use PostgreSQL::Test::Cluster;
use PostgreSQL::Test::Utils;
use Test::More;

my @specs = qw(merge_meets_other_writers merge_meets_readers_and_upkeep readers_see_whole_batches);
my $program = dirname(dirname($ENV{PG_REGRESS})) . '/isolation/pg_isolation_regress';
my $tests = "$FindBin::Bin/..";

my $node = PostgreSQL::Test::Cluster->new('specs');
$node->init;
$node->append_conf('postgresql.conf', "fsync = off\nlog_statement = none");
$node->start;
$node->safe_psql('template1', slurp_file("$tests/sql/lib/scene.sql"));

sub start
{
	my ($engine) = @_;
	my $folder = "$PostgreSQL::Test::Utils::tmp_check/$engine";
	mkdir $folder or die "$folder: $!";
	$node->safe_psql('postgres', "CREATE DATABASE specs_$engine");
	local $ENV{PGOPTIONS} = "-c datasurface.merge_engine=$engine";
	my @command = ($program, '--bindir=' . $node->config_data('--bindir'), "--inputdir=$tests", "--outputdir=$folder",
		'--host=' . $node->host, '--port=' . $node->port, "--dbname=specs_$engine", '--use-existing', @specs);
	push @command, "--expecteddir=$tests" if $node->pg_version >= 16;
	my $said = '';
	return { folder => $folder, said => \$said, run => IPC::Run::start(\@command, '<', '/dev/null', '>&', \$said) };
}

# most of their time they wait, so they run side by side
my %runs = map { $_ => start($_) } qw(native sql);
for my $engine (sort keys %runs)
{
	my $run = $runs{$engine};
	$run->{run}->finish;
	my $said = ${ $run->{said} };
	like($said, qr/^(?:test +$_ +\.\.\. ok|ok [0-9]+ +[-+] $_ )/m, "$_, by $engine") foreach @specs;
	diag slurp_file("$run->{folder}/regression.diffs") if -s "$run->{folder}/regression.diffs";
}

$node->stop;
done_testing();
