# One psql that stays connected. Statements go in one by one or as scripts; what was sent is kept, so that a failure can
# be repeated by hand. Several sessions work side by side when one posts to each, and polls.
package Datasurface::Differential::Session;

use strict;
use warnings;
use IPC::Open2;
use Time::HiRes qw(time);

my $marker = 'differential: end of';
my $patience = 60; # s

sub connect_to
{
	my ($class, $node, $database) = @_;
	local $ENV{PGCLIENTENCODING} = 'UTF8';
	local $ENV{PGOPTIONS} = '-c client_min_messages=warning -c jit=off';
	# errors and results in one stream, in their order
	my $pid = open2(my $from, my $to, 'sh', '-c', 'exec "$@" 2>&1', 'sh',
		'psql', '-XAtq', '-v', 'VERBOSITY=verbose', '-v', 'SHOW_CONTEXT=never', '-d', $node->connstr($database), '-f',
			'-');
	return bless { pid => $pid, from => $from, to => $to, count => 0, sent => [], received => '' }, $class;
}

sub disconnect
{
	my ($self) = @_;
	close $self->{to};
	close $self->{from};
	waitpid $self->{pid}, 0;
	return;
}

# Sends without waiting for the answer, which poll gives.
sub post
{
	my ($self, $sql) = @_;
	$self->{end} = $marker . ' ' . ++$self->{count};
	push @{ $self->{sent} }, $sql;
	# psql may be gone: poll finds out
	local $SIG{PIPE} = 'IGNORE';
	my $to = $self->{to};
	print {$to} "$sql\n;\n\\echo '$self->{end}'\n";
	$to->flush;
	return;
}

# Waits up to so many seconds for the answer. Returns nothing when it has not come; else SQLSTATE ('' for success,
# 'lost' when the connection is), the output's lines, and the error as text.
sub poll
{
	my ($self, $seconds) = @_;
	my $until = time + $seconds;
	for (;;)
	{
		return $self->_answer($1) if $self->{received} =~ s/\A((?:.*\n)?)\Q$self->{end}\E\n//s;
		my $ready = '';
		vec($ready, fileno $self->{from}, 1) = 1;
		my $left = $until - time;
		return unless select $ready, undef, undef, $left > 0 ? $left : 0;
		next if sysread $self->{from}, $self->{received}, 65536, length $self->{received};
		my (undef, $lines, $error) = $self->_answer($self->{received});
		return ('lost', $lines, $error);
	}
}

sub _answer
{
	my ($self, $output) = @_;
	my ($sqlstate, $error, @lines) = ('', '');
	# an empty line is an empty value, also the last
	for my $line ($output =~ /([^\n]*)\n/g)
	{
		($sqlstate, $error) = ($1, $line) if !$error && $line =~ /\b(?:ERROR|FATAL|PANIC):  (\w{5}):/;
		$error .= "\n$line" if $error && $line =~ /^(?:DETAIL|HINT|LINE)/;
		push @lines, $line unless $error;
	}
	# a crash of another session (57P02) and an immediate stop of the server (57P01) are announced by a warning, which may
	# come with the answer of a query that succeeded
	$sqlstate ||= 'lost' if $output =~ /server closed the connection unexpectedly|WARNING:  57P0[123]:/;
	return ($sqlstate, \@lines, $error);
}

# Returns SQLSTATE ('' for success), the output's lines, and the error as text.
sub attempt
{
	my ($self, $sql) = @_;
	$self->post($sql);
	# a test that hangs tells nobody where
	my ($sqlstate, $lines, $error) = $self->poll($patience) or die "no answer in $patience s to: $sql";
	die "the connection was lost: $error\nafter: $sql" if $sqlstate eq 'lost';
	return ($sqlstate, $lines, $error);
}

# For what must succeed. Returns the lines, or the only one.
sub run
{
	my ($self, $sql) = @_;
	my ($sqlstate, $lines, $error) = $self->attempt($sql);
	die "$error\nof: $sql\n" if $sqlstate;
	return wantarray ? @$lines : join "\n", @$lines;
}

1;
