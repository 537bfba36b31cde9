# A server with the test build of the library, which can be made to die at a named point of a batch
# (src/pg/stop_point.hpp), and the ways back from there.
package Datasurface::StopPoints;

use strict;
use warnings;

use Exporter qw(import);
use IPC::Run;
use PostgreSQL::Test::Cluster;
use PostgreSQL::Test::Utils;
use Test::More;
use Time::HiRes qw(usleep);

our @EXPORT_OK = qw(start_node die_at come_back wait_for_text hold_stop_points let_go pause_at);

# settings: lines of postgresql.conf; what else is given goes to initdb's wrapper.
# Nothing is lost by fsync = off: the operating system stays up whatever dies here.
sub start_node
{
	my ($name, %options) = @_;
	my $settings = delete $options{settings} // '';
	my $library = $ENV{DATASURFACE_TEST_LIB} // die 'DATASURFACE_TEST_LIB does not name the folder of the test build';
	my $node = PostgreSQL::Test::Cluster->new($name);
	$node->init(%options);
	$node->append_conf('postgresql.conf', <<~CONF);
		dynamic_library_path = '$library:\$libdir'
		fsync = off
		restart_after_crash = on
		shared_buffers = '16MB'
		max_wal_size = '1GB'
		log_statement = none
		autovacuum = off
		$settings
		CONF
	$node->start;
	return $node;
}

# Runs SQL in a session that dies at a stop point. Returns psql's exit status, which is 2 when the connection was lost.
sub die_at
{
	my ($node, $point, $action, $sql) = @_;
	my $before = -s $node->logfile;
	my $status = $node->psql('postgres', <<~SQL, on_error_stop => 1, timeout => 60, timed_out => \my $late);
		SET datasurface.stop_action = '$action';
		SET datasurface.stop_at = '$point';
		$sql
		SQL
	return 'nothing happened' if $late;
	# of a killed backend the session learns before the server does
	wait_for_text($node, qr/all server processes terminated; reinitializing.*ready to accept connections/s, $before)
		if $action eq 'kill' && $status == 2;
	return $status;
}

# As long as this is held, who comes to its stop point waits there. A prepared transaction holds it, so that no session
# has to; let_go ends it.
sub hold_stop_points
{
	my ($node, $name) = @_;
	$node->safe_psql('postgres', "BEGIN; SELECT pg_advisory_xact_lock(4453); PREPARE TRANSACTION '$name'");
	return;
}

sub let_go
{
	my ($node, $name) = @_;
	$node->safe_psql('postgres', "ROLLBACK PREPARED '$name'");
	return;
}

# Runs SQL in a session of its own until it waits at a stop point. Returns the session, which goes on when the stop
# points are let go; finish gives what it said.
sub pause_at
{
	my ($node, $point, $sql, %options) = @_;
	my $user = $options{user} // 'postgres';
	my $in = "SET datasurface.stop_action = 'wait';\nSET datasurface.stop_at = '$point';\n$sql\n";
	my $self = bless { out => '', error => '' }, 'Datasurface::StopPoints::Paused';
	my @command = ('psql', '-XAtq', '-d', $node->connstr('postgres') . " user=$user");
	$self->{session} = IPC::Run::start(\@command, '<', \$in, '>', \$self->{out}, '2>', \$self->{error});
	my $waiting = "SELECT a.pid FROM pg_locks l JOIN pg_stat_activity a USING (pid)
		WHERE l.locktype = 'advisory' AND l.mode = 'ShareLock' AND l.objid = 4453 AND NOT l.granted";
	for (1 .. 3000)
	{
		return $self if $self->{pid} = $node->safe_psql('postgres', $waiting);
		last unless $self->{session}->pumpable;
		$self->{session}->pump_nb;
		usleep(20_000);
	}
	$self->finish;
	die "the session does not come to $point: $self->{out}$self->{error}";
}

# Starts the server again where the action stopped it.
sub come_back
{
	my ($node, $action) = @_;
	return unless $action eq 'stop';
	$node->stop('immediate', fail_ok => 1); # waits for its end, and finds it gone
	$node->start;
}

sub wait_for_text
{
	my ($node, $pattern, $offset) = @_;
	for (1 .. 3000)
	{
		return 1 if substr(slurp_file($node->logfile), $offset) =~ $pattern;
		usleep(20_000);
	}
	die "the log of " . $node->name . " never said $pattern";
}

sub Datasurface::StopPoints::Paused::finish
{
	my ($self) = @_;
	$self->{session}->finish;
	return $self->{out} . $self->{error};
}

1;
