# Calls that load chunks, and what happens to them: backends are ended or cancelled, here and at the source, servers crash.
package Datasurface::FirstLoads::Calls;

use strict;
use warnings;
use Time::HiRes qw(usleep);
use Datasurface::Differential::Random;
use Datasurface::Differential::Session;
use Datasurface::StopPoints qw(wait_for_text);

my @points = (qw(load.begun load.receiving load.chunk_written load.chunk_recorded load.saved) x 2, 'load.cut', 'batch.started');
my @closing_points = qw(batch.started ingest.receiving ingest.staged ingest.recorded merge.receiving merge.deleted merge.updated merge.inserted
	merge.applied merge.cleared merge.committed batch.saved);
my @settings = ('datasurface.pull = auto', 'datasurface.pull = staged', 'datasurface.merge_engine = sql', 'datasurface.merge_engine = auto');

# Where other datasets are published, a call with no budget left loads no chunk.
sub budget_call
{
	my ($self) = @_;
	my $budget = $self->{published} ? pick('1ms', '20ms', '1s') : '0';
	# one that has ended its batch means nothing new
	my $run_id = chance(20) ? ", 'run " . ($self->{did}{done} // 0) . "'" : '';
	return "SELECT datasurface.ds_run('$self->{stream}'$run_id, budget => '$budget')";
}

# Makes the call in so many sessions side by side, while the source changes and something happens to them. Returns whether all have answered
# as calls that nothing happened to.
sub disturbed
{
	my ($self, $call, $sessions, $acts, $closing) = @_;
	my @sessions = @{ $self->{sessions} }[ 0 .. $sessions - 1 ];
	@sessions = $self->{sessions}[ roll(scalar @{ $self->{sessions} }) ] if $sessions == 1;
	my $dice = roll(100);
	my $what = $dice < 55 ? '' : $dice < 72 ? 'point' : $dice < 80 ? 'terminate' : $dice < 87 ? 'cancel' : $dice < 94 ? 'source'
		: $dice < 96 ? 'crash' : $dice < 98 ? 'restart' : $dice < 99 ? 'restart the source' : '';
	$what = 'terminate' if $what =~ /source/ && $self->{place} eq 'near';
	$what = $self->arm($sessions[0], $closing) if $what eq 'point';
	$sessions[0]->run('SET ' . pick(@settings)) if chance(20);
	my $since = -s $self->{node}->logfile;
	$_->post($call) foreach @sessions;
	$self->tell(($sessions > 1 ? "$sessions sessions: " : '') . $call . ($what ? ", $what" : ''));
	my $harsh = $acts && $self->{place} eq 'near' && $what =~ /kill|crash|restart/ ? 0 : $self->{table}->act($acts);
	$self->strike($what, $sessions[0], $since) if $what;
	my @answers = map { $self->answer_of($_, $call, $what, $harsh) } @sessions;
	$self->come_back($what, $since, grep { $_ eq 'lost' } @answers) if $what;
	$sessions[0]->run('RESET datasurface.stop_at') if $what =~ / at / && !grep { $_ eq 'lost' } @answers;
	$self->{did}{ $what =~ s/ at .*//r || 'undisturbed' }++;
	return !grep { !/^(?:KEEP_WORKING|DONE)$/ } @answers;
}

sub arm
{
	my ($self, $session, $closing) = @_;
	my $point = $closing ? pick(@closing_points) : pick(@points);
	my $action = chance(8) ? 'kill' : pick(qw(error terminate terminate));
	# loads the library, so that the settings are known
	$session->run("SELECT count(*) FROM datasurface.ds_merge_progress(); SET datasurface.stop_action = '$action'; SET datasurface.stop_at = '$point'");
	return "$action at $point";
}

sub strike
{
	my ($self, $what, $session) = @_;
	return if $what =~ / at /;
	usleep(roll(chance(50) ? 8_000 : 40_000));
	my $other = $self->{place} eq 'far' ? $self->{far} : $self->{node};
	my $backends = "FROM pg_stat_activity WHERE datname = '$self->{database}' AND query LIKE '%ds_run%' AND pid <> pg_backend_pid()";
	if ($what eq 'terminate' || $what eq 'cancel')
	{
		my $function = $what eq 'cancel' ? 'pg_cancel_backend' : 'pg_terminate_backend';
		$self->ask("SELECT $function(pid) $backends AND state = 'active'");
	}
	elsif ($what eq 'source')
	{
		$self->{far}->safe_psql('postgres', "SELECT pg_terminate_backend(pid) FROM pg_stat_activity
			WHERE datname = '$self->{database}' AND usename = 'reader'");
	}
	elsif ($what eq 'crash')
	{
		my ($pid) = $self->ask("SELECT pid $backends LIMIT 1");
		kill 'KILL', $pid // $self->ask('SELECT pg_backend_pid()');
	}
	elsif ($what eq 'restart') { $self->{node}->stop('immediate'); $self->{node}->start }
	else { $self->{far}->stop('immediate'); $self->{far}->start; $self->{table}->begin_again }
	return;
}

sub come_back
{
	my ($self, $what, $since, @lost) = @_;
	# who is terminated may have answered before
	return unless $what eq 'crash' || $what eq 'restart' || $what eq 'terminate' || @lost;
	my $crashed = $what eq 'crash' || ($what =~ /^kill/ && @lost);
	wait_for_text($self->{node}, qr/all server processes terminated; reinitializing.*ready to accept connections/s, $since) if $crashed;
	if ($crashed || $what eq 'restart')
	{
		$self->{table}->begin_again if $self->{place} eq 'near';
		$self->{poller}->begin_again;
	}
	$self->connect;
	return;
}

# What a call has answered: a word of ds_run, done for a procedure, an SQLSTATE, or lost. What nothing explains is wrong.
sub answer_of
{
	my ($self, $session, $sql, $what, $harsh) = @_;
	my @answer = $session->poll(60) or $self->wrong("no answer to $sql");
	my ($sqlstate, $lines, $error) = @answer;
	$self->tell("  $sqlstate @$lines $error");
	my ($said) = grep { /^\w+$/ } @$lines;
	my $word = $self->{answer} = $sqlstate || ($said // 'done');
	$self->{sqlstate} = $sqlstate;
	$self->{did}{done}++ if $word =~ /^done$/i;
	return $word if $word =~ /^(?:KEEP_WORKING|DONE|done)$/;
	# another session has the stream, or the load
	return 'busy' if $word eq '55P03' && $self->{connections} > 1;
	my ($state, $message) = $sqlstate || $word eq 'lost' ? ($sqlstate, $error) : $self->error_of_the_load($what);
	if ($self->{table}{odd} && $self->is_of_the_odd_row($state, $message))
	{
		$self->{did}{"failed of a row: $self->{table}{odd}"}++;
		$self->{failed_of_it} = 1;
		return 'FAILED';
	}
	return $word if $what || $harsh;
	return $self->wrong("$sql: $word, $state $message");
}

sub error_of_the_load
{
	my ($self, $what) = @_;
	return ('', '') if $what =~ /^(?:crash$|restart$|kill)/;
	# a session takes these words of a message for its own
	my $found = $self->ask("SELECT error_sqlstate, replace(message, 'closed the connection', '...') FROM (SELECT error_sqlstate, error_message FROM datasurface.loads WHERE dataset = 't' AND error_message IS NOT NULL
		UNION ALL (SELECT error_sqlstate, concat_ws(' ', error_message, error_detail) FROM datasurface.batches WHERE stream = '$self->{stream}'
		AND error_message IS NOT NULL ORDER BY batch DESC LIMIT 1)) e (error_sqlstate, message)");
	return split /\|/, (split /\n/, $found)[0] // '|', 2;
}

sub is_of_the_odd_row
{
	my ($self, $state, $message) = @_;
	my $odd = $self->{table}{odd};
	return $state eq 'SF020' if $odd eq 'twice';
	return $state =~ /^(?:SF021|22004|23502)$/ if $odd eq 'null';
	return $state eq $odd;
}

# A transaction that has read a view of consumers: it cannot be switched before that ends.
sub reader_in_the_way
{
	my ($self) = @_;
	my $reader = Datasurface::Differential::Session->connect_to($self->{node}, $self->{database});
	$reader->run('BEGIN; SELECT count(*) FROM desk.' . pick('t', 'part', $self->{milestoned} ? 't_full' : ()));
	return $reader;
}

1;
