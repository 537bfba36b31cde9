# Several sessions, each of which does anything to any stream, while one that looks on kills some of them now and then.
# Between the parts of a run come quiet points (Datasurface::Adversary::QuietPoint). Dies with what went wrong.
#
# A seed gives each session the same dice at each of its steps. In which order the sessions come to them is the
# machine's affair; the trace tells it.
package Datasurface::Adversary::States;

use strict;
use warnings;
use Datasurface::Sql qw(sql_file);
use PostgreSQL::Test::Utils qw(slurp_file);
use Time::HiRes qw(time usleep);
use Datasurface::Adversary::Actions;
use Datasurface::Adversary::QuietPoint;
use Datasurface::Differential::Random;
use Datasurface::Differential::Session;
use Datasurface::StopPoints qw(come_back wait_for_text);

my $sessions = 4;
my $patience = 60; # s
my @streams = ('pull', 'push', 'pulls#orders', 'pulls#lines', 'pushs#orders', 'pushs#lines');
my @settings = ('datasurface.merge_engine = auto', 'datasurface.merge_engine = sql',
	'datasurface.merge_engine = native', 'datasurface.pull = staged', 'datasurface.pull = auto',
	'datasurface.merge_workers = 3', "datasurface.merge_work_mem = '1MB'", 'datasurface.truncate_threshold = 0',
	'datasurface.ddl_lock_timeout = 50');

sub new
{
	my ($class, $node, $seed) = @_;
	my $database = "states_$seed";
	$node->safe_psql('postgres', "CREATE DATABASE $database");
	my $self = bless { node => $node, database => $database, seed => $seed, trace => [], workers => [], calls => 0,
		streams => \@streams, batches => 0, deaths => 0, ends => {},
		decisions => 'unknown',
		began => time }, $class;
	for my $file (qw(invariants adversary_states adversary_states_check))
	{
		$node->safe_psql($database, sql_file($file));
	}
	$self->{control} = Datasurface::Differential::Session->connect_to($node, $database);
	$self->ask("SELECT version FROM datasurface.ds_load_model(adversary_model(false, 90, 'one'), replace => false)");
	$self->ask('SELECT count(*) FROM datasurface.ds_reconcile_schema()');
	$self->{versions} = $self->ask('SELECT next_version()');
	return $self;
}

# $steps actions of each session, in as many parts as there are quiet points.
sub run
{
	my ($self, $parts, $steps) = @_;
	$self->{workers} = [ map { { number => $_, step => 0 } } 1 .. $sessions ];
	for my $part (1 .. $parts)
	{
		$self->{limit} = int($steps * $part / $parts);
		$self->drive;
		Datasurface::Adversary::QuietPoint::check($self, $part == $parts);
		begin_with_seed($self->{seed} * 1000 + $part);
		Datasurface::Adversary::QuietPoint::settle($self, $_)
		  for some($part == $parts ? scalar @streams : 2, @streams);
		Datasurface::Adversary::QuietPoint::check($self, $part == $parts);
	}
	Datasurface::Adversary::QuietPoint::judge_sees($self);
	$self->{batches} = $self->ask("SELECT count(*) FROM datasurface.batches WHERE state = 'committed'");
	$self->{decisions} = $self->ask("SELECT coalesce(string_agg(words, ', ' ORDER BY words), 'none') FROM (SELECT "
		. "concat_ws(' ', count(*), decision, outcome) AS words FROM datasurface.batch_decisions GROUP BY decision, outcome) d");
	$self->{node}->safe_psql('postgres', "DROP DATABASE $self->{database} WITH (FORCE)");
	return;
}

sub ask
{
	my ($self, $sql) = @_;
	return $self->unless_it_dies(sub { $self->{control}->run($sql) });
}

# Once more when the server has died meanwhile, as one of the calls under way was to make it.
sub unless_it_dies
{
	my ($self, $work) = @_;
	my @answer = eval { $work->() };
	return wantarray ? @answer : join "\n", @answer unless $@;
	my $problem = $@;
	die $problem unless $problem =~ /connection was lost|(?:FATAL|ERROR):  57P/ && $self->died_by_a_call;
	@answer = $work->();
	return wantarray ? @answer : join "\n", @answer;
}

sub died_by_a_call
{
	my ($self) = @_;
	my ($action) = grep { $_ && $_->{server_dies} } map { $_->{action}, $_->{lost_in} }
		grep { $_->{deaths} == $self->{deaths} } @{ $self->{workers} };
	$self->server_died($action->{server_dies}, $action->{log}) if $action;
	return $action;
}

sub trace
{
	my ($self, $worker, $text) = @_;
	push @{ $self->{trace} }, sprintf '%8.3f %s: %s', time - $self->{began}, $worker ? "session $worker->{number}"
		: 'control', $text;
	return;
}

sub fault
{
	my ($self, $text) = @_;
	$self->trace(undef, "FAULT: $text");
	die "$text\n";
}

# ---- the sessions ----------------------------------------------------------------------------------------------------

sub drive
{
	my ($self) = @_;
	my $heard = time;
	for (;;)
	{
		my @idle = grep { !$_->{action} && $_->{step} < $self->{limit} } @{ $self->{workers} };
		$self->begin($_) foreach @idle;
		my @busy = grep { $_->{action} } @{ $self->{workers} } or return;
		for my $worker (@busy)
		{
			my @answer = $worker->{session}->poll(0.002) or next;
			$heard = time;
			$self->end($worker, @answer);
		}
		$self->fault('a call hangs: ' . join '; ', map { $_->{action}{what} } @busy) if time > $heard + $patience;
		$self->meddle(@busy);
	}
}

sub connect_worker
{
	my ($self, $worker) = @_;
	@{$worker}{qw(killed deaths lost_in)} = (0, $self->{deaths});
	my $setting = pick(@settings);
	my $session = $worker->{session} = Datasurface::Differential::Session->connect_to($self->{node}, $self->{database});
	# its library must be there before its stop points can be set
	$session->run('SELECT count(*) FROM datasurface.ds_merge_progress()');
	$session->run("SET $setting");
	return $worker->{pid} = $session->run('SELECT pg_backend_pid()');
}

sub look
{
	my ($self, $name) = @_;
	my %stream = (name => $name);
	@stream{qw(open state last datasets pushed versions at)} = split /\|/, $self->ask(<<~SQL), -1;
		SELECT open_batch, open_state, last_batch, array_to_string(datasets, ','), nullif(pushed, false),
			(SELECT max(version) FROM version), clock_timestamp()
		FROM datasurface.streams JOIN adversary_stream USING (stream) WHERE stream = '$name'
		SQL
	$stream{datasets} = [ split /,/, $stream{datasets} ];
	$self->{versions} = $stream{versions};
	return \%stream;
}

sub begin
{
	my ($self, $worker) = @_;
	begin_with_seed(($self->{seed} * 100 + $worker->{number}) * 10_000 + $worker->{step}++);
	$self->unless_it_dies(sub { $self->connect_worker($worker) }) unless $worker->{session};
	my $stream = $self->look(pick(@streams));
	my $action = Datasurface::Adversary::Actions::any_action($stream, $stream->{versions});
	Datasurface::Adversary::Actions::disturb($action) if chance(12);
	@{$action}{qw(began oldest)} = @{$stream}{qw(at versions)};
	$action->{log} = -s $self->{node}->logfile;
	$worker->{action} = $action;
	$self->trace($worker, "$action->{what}: $action->{sql}");
	$worker->{session}->post($action->{sql});
	$self->{calls}++;
	return;
}

sub end
{
	my ($self, $worker, $sqlstate, $lines, $error) = @_;
	my $action = delete $worker->{action};
	$self->trace($worker, "ends with '$sqlstate' @$lines $error");
	$self->lost($worker, $action, $error) if $sqlstate eq 'lost' || $error =~ /(?:FATAL|PANIC):/;
	$self->{ends}{$sqlstate}++;
	my %fine = map { $_ => 1 } '', 'lost', '55P03', @{ $action->{refusals} };
	# who was killed or cancelled may say so in more than one way
	my $killed = $action->{may_be_lost} || $worker->{killed} || $self->{deaths} > $worker->{deaths};
	$self->fault("$action->{what} ended with $sqlstate: $error\n$action->{sql}") unless $fine{$sqlstate} || $killed
		&& $sqlstate =~ /^57/;
	$self->judge_answer($action, $lines) if $sqlstate eq '';
	$self->note_effects($action, $sqlstate, $lines);
	$worker->{killed}-- if $worker->{killed};
	return;
}

sub judge_answer
{
	my ($self, $action, $lines) = @_;
	$self->fault("$action->{what} answered @$lines\n$action->{sql}") if $action->{answers}
		&& !grep { /$action->{answers}/ } @$lines;
	my @failed = grep { /^failed: / } @$lines;
	$self->fault("$action->{what}: @failed") if @failed;
	return;
}

# For the checks: when what was staged was staged, and what the caller knows from now on.
sub note_effects
{
	my ($self, $action, $sqlstate, $lines) = @_;
	return if $action->{gone};
	my $perhaps = $sqlstate eq '' || $sqlstate eq 'lost' || $sqlstate =~ /^57/ || $action->{in_parts};
	$self->note_call($action->{stream}, @{$action}{qw(began oldest)}, '(SELECT max(version) FROM version)',
		@{$action}{qw(run steps)})
	  if $action->{steps} && $perhaps;
	$self->note_call($action->{stream}, @{$action}{qw(began oldest)}, '(SELECT max(version) FROM version)', undef,
		$action->{also})
	  if $action->{also} && $perhaps;
	return if $sqlstate ne '';
	$self->ask("UPDATE push SET known = clock_timestamp() WHERE push = $action->{push}") if $action->{push};
	return unless $action->{told};
	my ($run, $what) = @{ $action->{told} };
	my $batch = (grep { /^\d+$/ } @$lines)[0];
	return if $what eq 'done' && $action->{answers} && $lines->[0] ne 'DONE';
	my $known = $action->{sql} =~ /^SELECT datasurface.ds_(?:start_batch|require)/ ? $batch : undef;
	$known //= "(SELECT batch FROM datasurface.batches WHERE stream = '$action->{stream}' AND '$run' = ANY (run_ids))";
	$self->ask("INSERT INTO told VALUES ('$action->{stream}', '$run', $known, " . ($what eq 'done' ? 'true' : 'false')
		. ')');
	return;
}

sub note_call
{
	my ($self, $stream, $began, $oldest, $newest, $run, $steps) = @_;
	$run = defined $run ? "'$run'" : 'NULL';
	return $self->ask(<<~SQL);
		INSERT INTO call (stream, began, ended, oldest, newest, run, steps)
		SELECT '$stream', '$began', clock_timestamp(), $oldest, $newest, $run, '$steps'
		SQL
}

# How the calls ended, for the reader of the log.
sub summary
{
	my ($self) = @_;
	my %ends = %{ $self->{ends} };
	my $refused = join ', ', map { "$_ $ends{$_}" } grep { $_ } sort keys %ends;
	return "$self->{calls} calls, $self->{batches} batches, decisions: $self->{decisions}, the server died $self->{deaths} times; refused: $refused";
}

# ---- what befalls them -----------------------------------------------------------------------------------------------

# The onlooker has its own dice: how often it comes here is the machine's affair.
sub meddle
{
	my ($self, @busy) = @_;
	my $dice = int(rand(1000));
	my $victim = $busy[ int(rand(@busy)) ];
	return $self->look_on if $dice < 25;
	return if $dice > 48 || !$victim->{action} || !$victim->{session};
	# what comes when the call has ended hits the next one, or finds the connection gone
	$victim->{killed} = $dice < 33 ? 2 : 1000;
	$self->trace($victim, 'is meddled with: ' . ($dice < 33 ? 'cancel' : $dice < 42 ? 'terminate' : $dice < 46
		? 'SIGKILL' : 'immediate stop'));
	return $self->ask("SELECT pg_cancel_backend($victim->{pid})") if $dice < 33;
	return $self->ask("SELECT pg_terminate_backend($victim->{pid})") if $dice < 42;
	my $since = -s $self->{node}->logfile;
	return $self->server_died('stop', $since) if $dice >= 46;
	kill 'KILL', $victim->{pid};
	return $self->server_died('kill', $since) if $self->heard_of_a_kill($since);
	return $self->trace($victim, 'had ended already');
}

# A session that was terminated a moment ago, or by its own call, may have ended before the signal came.
sub heard_of_a_kill
{
	my ($self, $since) = @_;
	for (1 .. 500)
	{
		return 1 if substr(slurp_file($self->{node}->logfile), $since)
			=~ /was terminated by signal 9|database system is shut down/;
		usleep(20_000);
	}
	return 0;
}

# At any moment, whoever is at work: nothing shows of a batch that is not committed.
sub look_on
{
	my ($self) = @_;
	my $name = $streams[ int(rand(@streams)) ];
	my @problems = $self->ask("SELECT * FROM glance('$name')");
	$self->fault("at some moment: @problems") if @problems;
	return;
}

# A session's connection is gone: by what was meant for it, or because the server went down.
sub lost
{
	my ($self, $worker, $action, $error) = @_;
	$worker->{session}->disconnect;
	delete $worker->{session};
	# who was killed may have made the server die before: the next connection that is lost tells
	$worker->{lost_in} = $action;
	$self->server_died($action->{server_dies}, $action->{log})
	  if $action->{server_dies} && $self->{deaths} == $worker->{deaths} && !$worker->{killed};
	return if $action->{may_be_lost} || $worker->{killed} || $self->{deaths} > $worker->{deaths}
		|| $self->died_by_a_call;
	$self->fault("the connection was lost in $action->{what}: $error\n$action->{sql}");
	return;
}

# Sees the server through its end and its new beginning, which its log tells from this place on. All sessions have lost
# their connections.
sub server_died
{
	my ($self, $way, $since) = @_;
	my $node = $self->{node};
	$self->{deaths}++;
	$self->{control}->disconnect;
	if ($way eq 'kill')
	{
		# of a killed session its client learns before the server does; and another call may stop the server at the same
		# moment
		my $down = qr/database system is shut down/;
		wait_for_text($node, qr/all server processes terminated; reinitializing.*ready to accept connections|$down/s,
			$since);
		$way = 'stop' if substr(slurp_file($node->logfile), $since) =~ $down;
	}
	come_back($node, $way);
	$self->{control} = Datasurface::Differential::Session->connect_to($node, $self->{database});
	$self->trace(undef, "the server is back after $way");
	return;
}

1;
