# What a session may do to a stream at any moment. An action is {what, sql, refusals, steps, run, told, gone}: the
# statements, the SQLSTATEs by which they may be refused, whether they may have staged rows, merged them, or both, under
# which run id, what the answer promises of a run id ([run id, 'batch' or 'done']), and whether nothing of it stays.
package Datasurface::Adversary::Actions;

use strict;
use warnings;
use Datasurface::Differential::Random;

# What a batch may have recorded, and ds_require and ds_run_to_end raise.
my @recorded = qw(SF002 SF003 SF016 SF018 SF020);
my @points = qw(batch.started ingest.staged ingest.recorded merge.comparing merge.compared merge.digesting
	merge.deleted merge.updated merge.inserted merge.applied merge.cleared merge.committed procedure.committed
  batch.held batch.saved batch.discarded);

my $next_push = 0;

# $stream: {name, datasets, pushed} and, as it was a moment ago, {open, state, last}; $versions: of the source, so far.
sub any_action
{
	my ($stream, $versions) = @_;
	my $push = $stream->{pushed};
	my $state = $stream->{state} || 'none';
	# mostly what leads on from there
	my %likely = (
		none => $push ? [qw(start start whole)] : [qw(run run run_to_end start)],
		started => $push ? [qw(stage stage ingest ingest ingest)] : [qw(ingest run run run_to_end)],
		ingested => [qw(run run merge merge run_to_end stage)],
		failed => [qw(reset run)],
		held => [qw(release release discard run merge reset)]);
	my $way = chance(60) ? pick(@{ $likely{$state} })
	  : pick(qw(start stage ingest merge run run run_to_end reset fail require load reconcile whole half source
		source release discard));
	my $action = __PACKAGE__->can($way)->($stream, $versions);
	$action->{what} = "$way of $stream->{name}";
	$action->{stream} = $stream->{name};
	return $action;
}

# One of a few names, so that callers meet.
sub run_id { my ($stream) = @_; return "run " . ($stream->{last} + roll(3) - 1) . pick('', '', ' again') }

sub run_argument { my ($run) = @_; return defined $run ? ", run_id => '$run'" : '' }

# Mostly the open batch.
sub batch { my ($stream) = @_; return chance(90) ? $stream->{open} || $stream->{last} + 1
	: $stream->{last} + roll(4) - 1 }

sub start
{
	my ($stream) = @_;
	my $run = chance(70) ? run_id($stream) : undef;
	return {
		sql => "SELECT datasurface.ds_start_batch('$stream->{name}'" . run_argument($run) . ')',
		refusals => [qw(SF013 SF003)],
		told => defined $run ? [ $run, 'batch' ] : undef };
}

sub stage_sql
{
	my ($stream, $versions) = @_;
	my @datasets = chance(90) ? shuffled(@{ $stream->{datasets} }) : pick(@{ $stream->{datasets} });
	my $push = ++$next_push;
	# what is pushed may be an old version
	my $version = chance(70) ? $versions : 1 + roll($versions);
	return ($push, "SELECT push_version($push, '$stream->{name}', '{" . join(',', @datasets) . "}', $version)");
}

sub stage
{
	my ($stream, $versions) = @_;
	return source() unless $stream->{pushed};
	my ($push, $sql) = stage_sql($stream, $versions);
	return { sql => "BEGIN; $sql; SELECT pg_sleep(0.01); ROLLBACK", refusals => ['40P01'], gone => 1 } if chance(10);
	# a seal takes its locks in one order, a push in any
	return { sql => $sql, refusals => ['40P01'], push => $push };
}

sub ingest
{
	my ($stream) = @_;
	my $rows = $stream->{pushed} && chance(15) ? pick(', rows => 0', ', rows => 7') : '';
	return {
		sql => "SELECT datasurface.ds_ingest('$stream->{name}', " . batch($stream) . "$rows)",
		refusals => [qw(SF002 SF003 SF012 SF013 SF015 40P01)],
		steps => 'ingest' };
}

sub merge
{
	my ($stream) = @_;
	return {
		sql => "SELECT count(*) FROM datasurface.ds_merge_staging('$stream->{name}', " . batch($stream) . ')',
		refusals => [qw(SF002 SF003 SF012 SF013 SF016 SF020)],
		steps => 'merge' };
}

# It may pull again, and merges what another run has staged.
sub release
{
	my ($stream) = @_;
	return {
		sql => "SELECT datasurface.ds_release_batch('$stream->{name}', " . batch($stream) . ", 'a person says so')",
		refusals => [qw(SF002 SF003 SF016 SF018 SF020 SF040)],
		answers => qr/^(?:DONE|HELD)$/,
		steps => 'both',
		also => 'merge' };
}

sub discard
{
	my ($stream) = @_;
	return { sql => "SELECT discard_batch('$stream->{name}', " . batch($stream) . ')', refusals => [qw(SF040 40P01)] };
}

# A push may belong to another run; and while it is held the model may have changed.
sub not_its_own { my ($stream) = @_; return $stream->{pushed} ? qw(SF013 SF002) : () }

sub run
{
	my ($stream) = @_;
	my $run = chance(70) ? run_id($stream) : undef;
	my $budget = chance(30) ? ", budget => '0'" : '';
	return {
		sql => "SELECT datasurface.ds_run('$stream->{name}'" . run_argument($run) . "$budget)",
		refusals => [ qw(SF003 SF014), not_its_own($stream) ],
		answers => qr/^(?:DONE|KEEP_WORKING|FAILED|HELD)$/,
		steps => 'both',
		run => $run,
		told => defined $run ? [ $run, 'done' ] : undef };
}

sub run_to_end
{
	my ($stream) = @_;
	my $run = chance(70) ? run_id($stream) : undef;
	return {
		sql => "CALL datasurface.ds_run_to_end('$stream->{name}'" . run_argument($run) . ')',
		# SF017: between its last commit and its look at the batch somebody may have reset it
		refusals => [ qw(SF014 SF017), not_its_own($stream), @recorded ],
		steps => 'both',
		run => $run,
		in_parts => 1,
		told => defined $run ? [ $run, 'done' ] : undef };
}

sub reset
{
	my ($stream) = @_;
	return {
		sql => "SELECT reset_batch('$stream->{name}', " . batch($stream) . ", '" . pick(qw(error ignore)) . "')",
		refusals => [qw(SF012 SF013 40P01)],
		answers => qr/^(?:started|committed)$/ };
}

sub fail
{
	my ($stream) = @_;
	return { sql => "SELECT datasurface.ds_fail_batch('$stream->{name}', " . batch($stream) . ", 'a person says so')",
		refusals => ['SF012'] };
}

sub require
{
	my ($stream) = @_;
	my $run = chance(70) ? run_id($stream) : undef;
	return {
		sql => "SELECT datasurface.ds_require('$stream->{name}'" . run_argument($run) . ')',
		refusals => [ 'SF017', @recorded ],
		told => defined $run ? [ $run, 'done' ] : undef };
}

# Small changes; a column that has joined cannot leave: SF001. Mostly the tables follow at once.
sub load
{
	my $model = 'adversary_model(' . join(', ', pick(qw(true false)), pick(70, 90), pick(q{'one'}, q{'another'})) . ')';
	my $load = "SELECT version FROM datasurface.ds_load_model($model, replace => false)";
	return { sql => $load, refusals => ['SF001'] } if chance(20);
	my $reconcile = reconcile();
	return { sql => "$load; $reconcile->{sql}", refusals => [ 'SF001', @{ $reconcile->{refusals} } ] };
}

# A busy table or stream is a row, and a warning.
sub reconcile
{
	return {
		sql => "SELECT 'failed: ' || error FROM datasurface.ds_reconcile_schema(allow => '{rewrite,lossy}') WHERE action = 'failed' "
			. "AND error !~ 'busy|lock'",
		refusals => [qw(55P03 40P01)],
		silent => 1 };
}

sub source { return { sql => 'SELECT next_version()', refusals => ['40P01'] } }

# As a careful caller does it: one transaction, from the start to the seal, or to the end.
sub whole
{
	my ($stream, $versions) = @_;
	return run($stream) unless $stream->{pushed};
	my $run = run_id($stream);
	my ($push, $sql) = stage_sql($stream, $versions);
	my $name = $stream->{name};
	my $more = pick('', "SELECT datasurface.ds_run('$name', run_id => '$run');");
	return {
		sql => "BEGIN; SELECT datasurface.ds_start_batch('$name', run_id => '$run') AS batch \\gset\n"
		  . "SELECT reset_batch('$name', :batch, 'ignore'); $sql; SELECT datasurface.ds_ingest('$name', :batch); "
			. "$more COMMIT",
		refusals => [qw(SF002 SF003 SF012 SF013 SF015 40P01)],
		push => $push,
		steps => 'both',
		run => $run,
		told => [ $run, 'batch' ] };
}

# A caller who changes her mind: nothing of it stays, or only what was before the savepoint.
sub half
{
	my ($stream, $versions) = @_;
	my $step = pick(\&run, \&merge, \&ingest, \&reset)->($stream);
	my $end = pick(qw(ROLLBACK COMMIT));
	return {
		sql => "BEGIN; SAVEPOINT here; $step->{sql}; SELECT pg_sleep(0.01); ROLLBACK TO here; $end",
		refusals => $step->{refusals},
		gone => 1 };
}

# Something that befalls the call from inside: it is too slow, or dies at a named point. Returns the SQLSTATEs it may
# end with.
sub disturb
{
	my ($action) = @_;
	if (chance(40))
	{
		$action->{sql} = 'SET statement_timeout = ' . (1 + roll(40)) . ";\n$action->{sql};\nRESET statement_timeout";
		return push @{ $action->{refusals} }, '57014';
	}
	my $way = pick(qw(error error terminate terminate kill stop));
	my $point = pick(@points);
	$action->{sql} = "SET datasurface.stop_action = '$way'; "
		. "SET datasurface.stop_at = '$point';\n$action->{sql};\nSET datasurface.stop_at = ''";
	$action->{what} .= ", $way at $point";
	push @{ $action->{refusals} }, '53200' if $way eq 'error';
	$action->{may_be_lost} = 1 if $way ne 'error';
	return $action->{server_dies} = $way =~ /kill|stop/ ? $way : undef;
}

1;
