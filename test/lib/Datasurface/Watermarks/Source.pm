# A table with marks of every kind, and sessions that write to it at random: they hold transactions open, commit late, roll back, write
# in subtransactions, and prepare. A row that one has written is left alone by the others until its transaction has ended.
package Datasurface::Watermarks::Source;

use strict;
use warnings;
use Datasurface::Differential::Random;
use Datasurface::Differential::Session;

my $writers = 4;
my $keys = 40;

# Marks are read as microseconds since 1970. ok: the stamp is not further behind the clock than every overlap of the models.
my $tables = <<'SQL';
	CREATE SCHEMA ledger;
	CREATE TABLE ledger.t (id integer PRIMARY KEY, v text NOT NULL, n integer, b bigint, d date, ts timestamp, tx timestamptz NOT NULL,
		app timestamptz, gone boolean NOT NULL, ok boolean NOT NULL);
	CREATE FUNCTION ledger.stamp() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN NEW.tx = now(); RETURN NEW; END';
	CREATE TRIGGER stamp BEFORE INSERT OR UPDATE ON ledger.t FOR EACH ROW EXECUTE FUNCTION ledger.stamp();
	CREATE FUNCTION ledger.us(t timestamptz) RETURNS text LANGUAGE sql AS $$
		SELECT CASE t WHEN 'infinity' THEN 'inf' WHEN '-infinity' THEN '-inf' ELSE (extract(epoch FROM t) * 1000000)::bigint::text END $$;
SQL
my @columns = qw(id v n b d ts tx app gone ok us_d us_ts us_tx us_app);
my $rows = q{SET TimeZone = 'UTC'; SELECT id, v, n, b, d, ts, tx, app, gone, ok, ledger.us(timezone('Europe/Zurich', d::timestamp)),
	ledger.us(timezone('Europe/Zurich', ts)), ledger.us(tx), ledger.us(app) FROM ledger.t};

sub new
{
	my ($class, $name, $node, $database, $trace) = @_;
	$node->safe_psql($database, $tables);
	my $self = bless { name => $name, node => $node, database => $database, trace => $trace, count => 0, prepared => {}, named => 0,
		writers => [] }, $class;
	$self->begin_again;
	$self->{same} = $self->ask('SELECT clock_timestamp()');
	return $self;
}

# Also after a crash of its server, which ends what was open. What was prepared stays.
sub begin_again
{
	my ($self) = @_;
	$_->{session}->disconnect foreach @{ $self->{writers} };
	$self->{control}->disconnect if $self->{control};
	$self->{control} = $self->connect;
	$self->{writers} = [ map { { number => $_, session => $self->connect, keys => {} } } 1 .. $writers ];
	return;
}

sub connect
{
	my ($self) = @_;
	return Datasurface::Differential::Session->connect_to($self->{node}, $self->{database});
}

sub end
{
	my ($self) = @_;
	$_->{session}->disconnect foreach @{ $self->{writers} };
	$self->{control}->disconnect;
	return;
}

sub ask
{
	my ($self, $sql) = @_;
	return $self->{control}->run($sql);
}

# What is committed: by id.
sub rows
{
	my ($self) = @_;
	my %rows;
	for my $line ($self->{control}->run($rows))
	{
		my %row;
		@row{@columns} = split /\|/, $line, -1;
		$rows{ $row{id} } = \%row;
	}
	return \%rows;
}

# The clock, the first transaction that is not over, and what is open.
sub moment
{
	my ($self) = @_;
	my ($now, $xmin, $xmax) = split /\|/, $self->ask('SELECT ledger.us(clock_timestamp()), txid_snapshot_xmin(s), txid_snapshot_xmax(s)
		FROM txid_current_snapshot() s');
	my @open = sort { $a <=> $b } map { $_->{began} // () } @{ $self->{writers} };
	return { now => $now, xmin => $xmin, xmax => $xmax, oldest => $open[0], prepared => scalar %{ $self->{prepared} } };
}

# ---- writers ---------------------------------------------------------------------------------------------------------

sub act
{
	my ($self, $times) = @_;
	for (1 .. $times)
	{
		my $writer = pick(@{ $self->{writers} });
		my $dice = roll(100);
		if ($dice < 8 && %{ $self->{prepared} }) { $self->end_prepared(pick(sort keys %{ $self->{prepared} })) }
		elsif (!defined $writer->{began}) { $dice < 45 ? $self->say($writer, $self->write($writer, 1)) : $self->begin($writer) }
		elsif ($dice < 60) { $self->say($writer, $self->write($writer, 0)) }
		elsif ($dice < 70) { $self->say($writer, $self->subtransaction($writer)) }
		elsif ($dice < 88) { $self->finish($writer, 'COMMIT') }
		elsif ($dice < 95) { $self->finish($writer, 'ROLLBACK') }
		else { $self->prepare($writer) }
	}
	return;
}

sub say
{
	my ($self, $writer, $sql) = @_;
	push @{ $self->{trace} }, "$self->{name}, writer $writer->{number}: $sql";
	return $writer->{session}->run($sql);
}

sub begin
{
	my ($self, $writer) = @_;
	$writer->{began} = $self->say($writer, 'BEGIN; SELECT ledger.us(now())');
	return;
}

sub finish
{
	my ($self, $writer, $how) = @_;
	$self->say($writer, $how);
	$writer->{keys} = {};
	delete $writer->{began};
	return;
}

sub prepare
{
	my ($self, $writer) = @_;
	my $name = "$self->{name}_" . ++$self->{named};
	$self->{prepared}{$name} = $writer->{keys};
	$self->finish($writer, "PREPARE TRANSACTION '$name'");
	return;
}

sub end_prepared
{
	my ($self, $name) = @_;
	my $how = (chance(70) ? 'COMMIT' : 'ROLLBACK') . " PREPARED '$name'";
	push @{ $self->{trace} }, "$self->{name}: $how";
	$self->ask($how);
	delete $self->{prepared}{$name};
	return;
}

# Nothing is open any more.
sub settle
{
	my ($self) = @_;
	$self->end_prepared($_) foreach sort keys %{ $self->{prepared} };
	for my $writer (@{ $self->{writers} })
	{
		$self->finish($writer, chance(70) ? 'COMMIT' : 'ROLLBACK') if defined $writer->{began};
	}
	return;
}

sub subtransaction
{
	my ($self, $writer) = @_;
	my $undone = chance(50) ? 'ROLLBACK TO s;' : '';
	return join ' ', 'SAVEPOINT s;', $self->write($writer, 0) . ';', $undone, 'RELEASE s;', $self->write($writer, 0);
}

# A statement that changes a few rows. alone: no transaction is left open.
sub write
{
	my ($self, $writer, $alone) = @_;
	my %taken = map { %$_ } (map { $_->{keys} } grep { $_ != $writer } @{ $self->{writers} }), values %{ $self->{prepared} };
	my @free = some(1 + roll(3), grep { !$taken{$_} } 1 .. $keys);
	return 'SELECT' unless @free;
	@{ $writer->{keys} }{@free} = (1) x @free unless $alone;
	my $list = join ', ', @free;
	return "DELETE FROM ledger.t WHERE id IN ($list)" if chance(15);
	my ($stamp, $day, $ok) = stamp($self->{same});
	my $number = $self->number;
	my $gone = chance(15) ? 'true' : 'false';
	# what changes but its stamp may be nothing
	my $v = "'v" . roll(6) . "'";
	return "INSERT INTO ledger.t (id, v, n, b, d, ts, app, gone, ok) SELECT i, $v, $number, $number,"
		. " ($day)::date, ($stamp) AT TIME ZONE 'Europe/Zurich', $stamp, $gone, $ok FROM unnest('{" . join(',', @free) . "}'::int[]) i"
		. ' ON CONFLICT (id) DO UPDATE SET v = EXCLUDED.v, n = EXCLUDED.n, b = EXCLUDED.b, d = EXCLUDED.d, ts = EXCLUDED.ts,'
		. ' app = EXCLUDED.app, gone = EXCLUDED.gone, ok = EXCLUDED.ok';
}

# The next of a sequence, or one of before, perhaps further behind than any overlap.
sub number
{
	my ($self) = @_;
	my $next = ++$self->{count};
	my $dice = roll(100);
	return 'NULL' if $dice < 8;
	return $next + 3 if $dice < 12;
	return $next - roll(12) if $dice < 35;
	return $next - 20 - roll(30) if $dice < 45;
	return $next;
}

# A stamp of an application, a time of the day that is its date, and whether it is guaranteed.
sub stamp
{
	my ($same) = @_;
	my $local = sub { "($_[0]) AT TIME ZONE 'Europe/Zurich'" };
	my $dice = roll(100);
	if ($dice < 20)
	{
		my $behind = chance(50) ? 4 + roll(6) : 30 + roll(10);
		my $stamp = "now() - interval '$behind h'";
		return ($stamp, $local->($stamp) . " - interval '" . (8 + roll(4)) . " d'", 'false');
	}
	my $stamp =
		  $dice < 50 ? "clock_timestamp() - interval '" . roll(1500) . " s'"
		: $dice < 65 ? "'$same'::timestamptz"
		: $dice < 80 ? 'now()'
		: $dice < 85 ? "now() + interval '1 d'"
		: $dice < 88 ? "'9999-12-31'::timestamptz"
		: $dice < 91 ? "'infinity'::timestamptz"
		: $dice < 94 ? "'-infinity'::timestamptz"
		: 'NULL::timestamptz';
	return ($stamp, $local->($stamp), 'true');
}

1;
