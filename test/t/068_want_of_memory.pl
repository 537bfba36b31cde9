# Whichever allocation of C++ fails, in whichever function, the call ends with an error or with its result, never with
# the server: nothing is left of it, neither memory nor work, and the next call does what it should.
use strict;
use warnings;

use Datasurface::Seeds;
use Datasurface::StopPoints qw(start_node);
use FindBin;
use PostgreSQL::Test::Utils;
use Test::More;

my $node;
{
	local $ENV{LD_PRELOAD} = "$ENV{DATASURFACE_TEST_LIB}/fail_allocation.so";
	$node = start_node('memory', settings => "jit = off\nmax_parallel_workers_per_gather = 0");
}

my $columns = '"primary_key": ["id"], "columns": [{"name": "id", "type": "integer"}, {"name": "label", '
	. '"type": "text"}]';
my $model = <<~JSON =~ s/\n\s*/ /gr;
	{"stores": [
	  {"name": "pushed", "description": "d", "operators": ["postgres"], "datasets": [{"name": "rows",
		"description": "d", "milestoning": "milestoned",
	    "ingestion": {"kind": "push"}, "duplicate_keys": "last", $columns}]},
	  {"name": "pulled", "description": "d", "datasets": [{"name": "rows", "description": "d",
	    "ingestion": {"kind": "sql_snapshot", "query": "SELECT id, label FROM public.source"}, $columns}]},
	  {"name": "braked", "description": "d", "brakes": {"changes": {"rows": 1}}, "datasets": [{"name": "rows",
	    "description": "d", "checks": [{"name": "short", "condition": "length(label) < 7", "severity": "hold"}],
	    "ingestion": {"kind": "sql_snapshot", "query": "SELECT id, label FROM public.source"}, $columns}]}],
	 "workspaces": [{"name": "desk", "description": "d", "groups": [{"name": "g", "sinks": [{"store": "pushed",
		"dataset": "rows"}]}]}]}
	JSON
my $larger = $model =~ s/\{"name": "label", "type": "text"\}/{"name": "label", "type": "text"}, {"name": "more",
	"type": "text"}/r;
my $faulty = '{"stores": [{"nam": "\u0000", "datasets": [{"name": 1, "ingestion": {"kind": "x"}, "x": {"a": 1, '
	. '"a": 2}}]}]}';

$node->safe_psql('postgres', <<~SQL);
	CREATE EXTENSION datasurface;
	\\setenv DATASURFACE_TEST_LIB $ENV{DATASURFACE_TEST_LIB}
	\\i $FindBin::Bin/../bridge/functions.sql
	CREATE TABLE source (id integer, label text);
	INSERT INTO source SELECT i, 'row ' || i FROM generate_series(1, 20) i;
	SELECT datasurface.ds_load_model('$model');
	SELECT count(*) FROM datasurface.ds_reconcile_schema();
	SELECT datasurface.ds_run('pulled', 'first');
	SELECT datasurface.ds_run('braked', 'first');
	SQL

my $staged = "SELECT datasurface.ds_start_batch('pushed'); INSERT INTO pushed.rows_staging (id, label) "
	. "SELECT i % 5, 'x' FROM generate_series(1, 10) i;";
my $ingested = "$staged SELECT datasurface.ds_ingest('pushed', 1);";
my $changed = "UPDATE source SET label = label || 'x';";
my $held = "$changed SELECT datasurface.ds_run('braked', 'second');";

# What is called, what comes before it in its transaction. Each transaction is rolled back, but that of run_to_end,
# which commits by itself.
my @calls = (
	[ 'validate', '', "SELECT count(*) FROM datasurface.ds_validate_model('$larger')" ],
	[ 'validate a faulty document', '', "SELECT count(*) FROM datasurface.ds_validate_model('$faulty')" ],
	[ 'load', '', "SELECT datasurface.ds_load_model('$larger')" ],
	[ 'load in vain', '', "SELECT datasurface.ds_load_model('$faulty')", 'SF001' ],
	[ 'load no JSON', '', "SELECT datasurface.ds_load_model('{''')", 'SF001' ],
	[ 'reconcile', "SELECT datasurface.ds_load_model('$larger');",
		'SELECT count(*) FROM datasurface.ds_reconcile_schema()' ],
	[ 'start', '', "SELECT datasurface.ds_start_batch('pushed')" ],
	[ 'ingest a push', $staged, "SELECT datasurface.ds_ingest('pushed', 1)" ],
	[ 'merge', $ingested, "SELECT datasurface.ds_merge_staging('pushed', 1)" ],
	[ 'merge by SQL', "SET LOCAL datasurface.merge_engine = sql; $ingested",
		"SELECT datasurface.ds_merge_staging('pushed', 1)" ],
	[ 'run', $changed, "SELECT datasurface.ds_run('pulled', 'second')" ],
	[ 'run by SQL', "SET LOCAL datasurface.merge_engine = sql; $changed",
		"SELECT datasurface.ds_run('pulled', 'second')" ],
	[ 'run that is held', $changed, "SELECT datasurface.ds_run('braked', 'second')" ],
	[ 'release', $held, "SELECT datasurface.ds_release_batch('braked', 2, 'why')" ],
	[ 'release by SQL', "SET LOCAL datasurface.merge_engine = sql; $held",
		"SELECT datasurface.ds_release_batch('braked', 2, 'why')" ],
	[ 'run a stream that is not there', '', "SELECT datasurface.ds_run('nobody')", 'SF010' ],
	[ 'fail', $staged, "SELECT datasurface.ds_fail_batch('pushed', 1, 'why')" ],
	[ 'reset', $ingested, "SELECT datasurface.ds_reset_batch('pushed', 1)" ],
	[ 'require', '', "SELECT datasurface.ds_require('pulled', 'first')" ],
	[ 'batch_at', '', "SELECT datasurface.ds_batch_at('pulled', now() + interval '1 day')", 'SF019' ],
	[ 'merge_progress', '', 'SELECT count(*) FROM datasurface.merge_progress' ],
	[ 'run_to_end', undef, "CALL datasurface.ds_run_to_end('pulled')" ],
);

# One call in which the n-th allocation fails. Says what it answered, how many allocations there were, and how many are
# live.
sub script
{
	my ($before, $call, $n) = @_;
	my ($begin, $end) = defined $before ? ("BEGIN; $before", 'ROLLBACK;') : ('', '');
	return <<~SQL;
		$begin
		SELECT bridge.fail_allocation($n) \\g /dev/null
		$call \\g /dev/null
		\\set answer :SQLSTATE
		$end
		SELECT bridge.fail_allocation(0) AS taken \\gset
		SELECT $n, :'answer', :taken, bridge.live_allocations();
		SQL
}

# Runs scripts in one session. Returns a list of lists: n, SQLSTATE, allocations, live; none when the session was lost.
sub answers
{
	my (@scripts) = @_;
	my $status = $node->psql('postgres', join('', @scripts), stdout => \my $out, stderr => \my $error,
		extra_params => [ '-q' ], on_error_stop => 0, timeout => 400);
	return if $status;
	return map { [ split /\|/ ] } grep { /^\d+\|/ } split /\n/, $out;
}

# Calls once for each n in one session, and without failure before, between and behind. Returns a list of what was
# wrong.
sub wrong_with
{
	my ($name, $before, $call, $wanted, @n) = @_;
	my @around = map { script($before, $call, 0) } 1 .. 3; # caches are warm then
	my @answers = answers(@around, (map { (script($before, $call, $_), $_ % 10 ? () : $around[0]) } @n), @around);
	return "$name: the session was lost" unless @answers;
	my $live = $answers[2][3];
	my $most = $answers[-1][3];
	my @wrong = grep { $_->[0] == 0 ? $_->[1] ne $wanted : $_->[1] !~ /^(53200|$wanted)$/ } @answers;
	return (map { "$name: allocation $_->[0]: $_->[1]" } @wrong),
		($most > $live ? "$name: $live allocations were live, then $most" : ());
}

my (%at_first, %taken);
for my $call (@calls)
{
	my ($name, $before, $text, $wanted) = @{$call};
	$call->[3] = $wanted //= '00000';
	my @answers = answers(map { script($before, $text, 0) } 1 .. 3);
	is(join(' ', map { $_->[1] } @answers), "$wanted $wanted $wanted", "$name: works");
	($at_first{$name}, $taken{$name}) = ($answers[0][2], $answers[2][2]);
	note "$name: $answers[0][2] allocations at first, then $taken{$name}";
}

cmp_ok($taken{run}, '<', $at_first{run}, 'the first run of a session makes what later ones find kept');

# A call in a new session, where nothing is kept yet, whose n-th allocation fails, and the same call after it.
sub wrong_at_first
{
	my ($name, $before, $call, $wanted, $n) = @_;
	my @answers = answers(script($before, $call, $n), script($before, $call, 0));
	return "$name: the session was lost" unless @answers == 2;
	return grep { $_ ne '' } (
		$answers[0][1] =~ /^(53200|$wanted)$/ ? '' : "$name: first, allocation $n: $answers[0][1]",
		$answers[1][1] eq $wanted ? '' : "$name: after allocation $n failed: $answers[1][1]");
}

# In make check some of many, and other ones with each seed; with time all of the first 20,000 and some of those behind.
my $samples = $ENV{DATASURFACE_SECONDS} ? 20_000 : 40;
my $seeds = Datasurface::Seeds->new(fixed => [1], new => 0);
while (defined(my $seed = $seeds->next_seed))
{
	srand($seed);
	for my $call (@calls)
	{
		my ($name) = @{$call};
		my $step = int($taken{$name} / $samples) + 1;
		my $first = 1 + int(rand($step));
		my @n = grep { $_ <= $taken{$name} } map { $first + $_ * $step } 0 .. $samples - 1;
		my @wrong = wrong_with(@{$call}, @n);
		push @wrong, wrong_at_first(@{$call}, 1 + int(rand($at_first{$name}))) for $at_first{$name} ? 1 .. 3 : ();
		is(join("\n", @wrong), '', "$name, seed $seed: none of " . @n
			. ' allocations that fail leaves anything behind');
	}
}

unlike(slurp_file($node->logfile), qr/terminated by signal|PANIC|terminate called/, 'the server never went down');
$node->stop;
done_testing();
