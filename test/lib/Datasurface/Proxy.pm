# Something between this server and a source that changes what the source answers, as a broken pooler would.
package Datasurface::Proxy;

use strict;
use warnings;

use Exporter qw(import);
use IO::Socket::INET;
use POSIX qw(_exit);

our @EXPORT_OK = qw(start_proxy);

my $test = $$;
my @groups;    # of processes, one for each proxy

# start_proxy($port, $change): the port of a proxy on this machine. $change is called with type and bytes of each message that the source
# sends, and returns its bytes as they go on, or undef when it does not. Each connection has a copy of it, in a process of its own.
sub start_proxy
{
	my ($port, $change) = @_;
	my $listener = IO::Socket::INET->new(Listen => 5, LocalAddr => '127.0.0.1', Proto => 'tcp') or die "no socket: $!";
	my $pid = fork // die "no process: $!";
	if ($pid)
	{
		push @groups, $pid;
		return $listener->sockport;
	}
	setpgrp;
	$SIG{CHLD} = 'IGNORE';
	while (my $client = $listener->accept)
	{
		next if fork;
		serve($client, IO::Socket::INET->new(PeerAddr => '127.0.0.1', PeerPort => $port, Proto => 'tcp'), $change);
	}
	_exit(0);    # what the test does at its end is not done twice
}

sub serve
{
	my ($client, $source, $change) = @_;
	my $asks = fork;
	$asks ? answer($client, $source, $change) : forward($client, $source);
	$_->shutdown(2) foreach $client, $source;    # then the other process ends too
	_exit(0);
}

sub forward
{
	my ($from, $to) = @_;
	while (sysread($from, my $bytes, 65536)) { print $to $bytes or return; }
	return;
}

sub answer
{
	my ($client, $source, $change) = @_;
	while (read($source, my $head, 5) // 0)
	{
		my ($type, $size) = unpack 'aN', $head;
		my $bytes = '';
		read($source, $bytes, $size - 4) if $size > 4;
		$bytes = $change->($type, $bytes) // next;
		print $client pack('aN', $type, 4 + length $bytes) . $bytes or return;
	}
	return;
}

END
{
	if ($$ == $test)
	{
		kill 'TERM', -$_ foreach @groups;
	}
}

1;
