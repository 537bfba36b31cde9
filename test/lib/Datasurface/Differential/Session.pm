# One psql that stays connected. Statements go in one by one or as scripts; what was sent is kept, so that a failure can
# be repeated by hand.
package Datasurface::Differential::Session;

use strict;
use warnings;
use IPC::Open2;

my $marker = 'differential: end of';
my $patience = 60; # s

sub connect_to
{
	my ($class, $node, $database) = @_;
	local $ENV{PGCLIENTENCODING} = 'UTF8';
	local $ENV{PGOPTIONS} = '-c client_min_messages=warning -c jit=off';
	# errors and results in one stream, in their order
	my $pid = open2(my $from, my $to, 'sh', '-c', 'exec "$@" 2>&1', 'sh',
		'psql', '-XAtq', '-v', 'VERBOSITY=verbose', '-v', 'SHOW_CONTEXT=never', '-d', $node->connstr($database), '-f', '-');
	return bless { pid => $pid, from => $from, to => $to, count => 0, sent => [] }, $class;
}

sub disconnect
{
	my ($self) = @_;
	close $self->{to};
	close $self->{from};
	waitpid $self->{pid}, 0;
	return;
}

# Returns SQLSTATE ('' for success), the output's lines, and the error as text.
sub attempt
{
	my ($self, $sql) = @_;
	my $end = $marker . ' ' . ++$self->{count};
	push @{ $self->{sent} }, $sql;
	my $to = $self->{to};
	print {$to} "$sql\n;\n\\echo '$end'\n" or die "psql is gone";
	$to->flush;
	# a test that hangs tells nobody where
	local $SIG{ALRM} = sub { die "no answer in $patience s to: $sql" };
	alarm $patience;
	my ($sqlstate, $error, @lines) = ('', '');
	while (defined(my $line = readline $self->{from}))
	{
		chomp $line;
		if ($line eq $end)
		{
			alarm 0;
			return ($sqlstate, \@lines, $error);
		}
		($sqlstate, $error) = ($1, $line) if !$error && $line =~ /\b(?:ERROR|FATAL|PANIC):  (\w{5}):/;
		$error .= "\n$line" if $error && $line =~ /^(?:DETAIL|HINT|LINE)/;
		push @lines, $line unless $error;
	}
	die "the connection was lost: $error\nafter: $sql";
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
