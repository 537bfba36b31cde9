# A reader who looks at the views of consumers again and again while a dataset is loaded: it sees nothing, until it sees all.
package Datasurface::FirstLoads::Poller;

use strict;
use warnings;
use IPC::Run;
use PostgreSQL::Test::Utils;

my $marker = 'seen';
my $number = 0;

# things: relations or calls of functions; each poll counts the rows of all of them in one statement.
sub new
{
	my ($class, $node, $database, @things) = @_;
	my $counts = join ', ', map { "(SELECT count(*) FROM $_)" } @things;
	my $self = bless { node => $node, database => $database, things => scalar @things, sql => "SELECT '$marker', $counts", seen => [],
		out => PostgreSQL::Test::Utils::tempdir() . '/poll_' . ++$number }, $class;
	PostgreSQL::Test::Utils::append_to_file("$self->{out}.sql", "$self->{sql}\n\\watch 0.01\n");
	$self->begin;
	return $self;
}

sub begin
{
	my ($self) = @_;
	my @command = ('psql', '-XAtq', '-d', $self->{node}->connstr($self->{database}), '-f', "$self->{out}.sql");
	$self->{session} = IPC::Run::start(\@command, '>', $self->{out}, '2>', "$self->{out}.errors");
	return;
}

sub end
{
	my ($self) = @_;
	return unless $self->{session};
	# so psql writes what it has kept
	$self->{session}->signal('INT');
	$self->{session}->finish;
	delete $self->{session};
	$self->look;
	return;
}

# Its server was restarted, or has crashed.
sub begin_again
{
	my ($self) = @_;
	$self->end;
	$self->begin;
	return;
}

# Keeps what differs from the poll before. The last line may not be whole yet.
sub look
{
	my ($self) = @_;
	for my $line (PostgreSQL::Test::Utils::slurp_file($self->{out}) =~ /^$marker\|(.*)\n/mg)
	{
		$self->{polls}++;
		push @{ $self->{seen} }, $line if !@{ $self->{seen} } || $self->{seen}[-1] ne $line;
	}
	return;
}

# What is wrong with all that was seen, when in the end there are so many rows of each thing.
sub problem
{
	my ($self, @last) = @_;
	my $nothing = join '|', (0) x $self->{things};
	my $all = join '|', @last;
	my $seen = join ' ', @{ $self->{seen} };
	return $seen =~ /^(?:\Q$nothing\E)?(?: ?\Q$all\E)?$/ ? '' : "a reader saw $seen, and not $nothing and then $all";
}

sub errors { my ($self) = @_; return PostgreSQL::Test::Utils::slurp_file("$self->{out}.errors"); }

1;
