# A server with the test build of the library, which can be made to die at a named point of a batch (src/pg/stop_point.hpp),
# and the ways back from there.
package Datasurface::StopPoints;

use strict;
use warnings;

use Exporter qw(import);
use PostgreSQL::Test::Cluster;
use PostgreSQL::Test::Utils;
use Test::More;
use Time::HiRes qw(usleep);

our @EXPORT_OK = qw(start_node die_at come_back wait_for_text);

# Nothing is lost by fsync = off: the operating system stays up whatever dies here.
sub start_node
{
	my ($name, %options) = @_;
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
		LOAD 'datasurface';
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

1;
