# The table that a first load reads, and a writer that changes it all the while: rows come and go, move over borders of chunks, the table is
# emptied and filled again, rewritten, and has rows that cannot be loaded. Each row has a number n, of which its key is made.
package Datasurface::FirstLoads::Table;

use strict;
use warnings;
use JSON::PP;
use Datasurface::Differential::Random;
use Datasurface::Differential::Session;

# Types of key columns, and values of them: expressions over N. No two numbers have the same key. The first ones are at the ends.
my %keys = (
	int => [ [ integer => 'CASE N WHEN 0 THEN -2147483648 WHEN 1 THEN 2147483647 ELSE N * 7 - 900 END' ] ],
	bigint => [ [ bigint => 'CASE N WHEN 0 THEN -9223372036854775808 WHEN 1 THEN 9223372036854775807 ELSE N * 70000000001 - 5 END' ] ],
	gaps => [ [ bigint => 'N::bigint * N * N' ] ],
	text => [ [ text => q{CASE N WHEN 0 THEN '' ELSE (ARRAY['a', 'B', 'b', 'é', ' ', '''', E'\\\\', 'Z"'])[1 + N % 8] || N END} ] ],
	uuid => [ [ uuid => 'md5(N::text)::uuid' ] ],
	timestamptz => [ [ timestamptz => q{CASE N WHEN 0 THEN '-infinity' WHEN 1 THEN 'infinity' ELSE
		timestamptz '2025-03-29 12:00:00.000001Z' + N * interval '31 min' END} ] ],
	date => [ [ date => q{CASE N WHEN 0 THEN '-infinity' WHEN 1 THEN 'infinity' ELSE date '2000-01-01' + N END} ] ],
	numeric => [ [ numeric => q{CASE N WHEN 0 THEN '-Infinity' WHEN 1 THEN 'Infinity' WHEN 2 THEN 'NaN' ELSE N / 7.0 END} ] ],
	int_text => [ [ integer => 'N % 5' ], [ text => q{'line ' || N} ] ],
	text_int => [ [ text => q{(ARRAY['north', 'East', ''])[1 + N % 3]} ], [ bigint => 'N' ] ],
	uuid_date => [ [ uuid => 'md5((N % 4)::text)::uuid' ], [ date => q{date '2024-02-29' + N} ], [ boolean => 'N % 2 = 0' ] ]);
my @shapes = qw(pk pk pk index index none none partitioned view query);

# readers: roles that may read; far: whether it is at another server
sub new
{
	my ($class, $node, $database, $trace, $readers, $far) = @_;
	my $kind = pick(sort keys %keys);
	my $self = bless { node => $node, database => $database, trace => $trace, kind => $kind, shape => pick(@shapes), odd => '',
		filter => chance(15) ? 'n % 5 <> 0' : '', rows => chance(8) ? 0 : 1 + roll(chance(50) ? 60 : 600) }, $class;
	$self->{marked} = $self->{shape} !~ /view|query/ && chance(15);
	# of this database, chunks are of columns with the types of the dataset
	$self->{type_of_w} = $far || chance(15) ? 'bigint' : 'integer';
	$self->{key} = [ map { [ "k$_", @{ $keys{$kind}[$_] } ] } 0 .. $#{ $keys{$kind} } ];
	$self->begin_again;
	$self->create($readers);
	return $self;
}

sub begin_again
{
	my ($self) = @_;
	$self->{writer}->disconnect if $self->{writer};
	$self->{writer} = Datasurface::Differential::Session->connect_to($self->{node}, $self->{database});
	$self->{open} = 0;
	return;
}

sub end { my ($self) = @_; $self->{writer}->disconnect; return; }

sub say
{
	my ($self, $sql) = @_;
	push @{ $self->{trace} }, "  writer: $sql";
	return $self->{writer}->run($sql);
}

sub key_names { my ($self) = @_; return join ', ', map { $_->[0] } @{ $self->{key} }; }
sub is_unique { my ($self) = @_; return $self->{shape} eq 'pk'; }

# Expressions of the key of a row with this number.
sub values_of
{
	my ($self, $n) = @_;
	return map { my $value = $_->[2] =~ s/\bN\b/$n/gr; "($value)::$_->[1]" } @{ $self->{key} };
}

sub key_of { my ($self, $n) = @_; return join ', ', $self->values_of($n); }

sub create
{
	my ($self, $readers) = @_;
	my $unique = $self->is_unique;
	my $collation = $self->{kind} =~ /text/ && chance(40) ? ' COLLATE "' . pick('C', 'de-x-icu') . '"' : '';
	my $columns = join ', ', map { "$_->[0] $_->[1]" . ($_->[1] eq 'text' ? $collation : '') . ($unique || chance(20) ? ' NOT NULL' : '') }
		@{ $self->{key} };
	$self->{may_be_null} = $columns !~ /^\S+ \S+(?: COLLATE \S+)? NOT NULL/;
	my $parted = $self->{shape} eq 'partitioned';
	$self->say('CREATE SCHEMA ledger; CREATE TABLE ledger.base (n integer, ' . $columns . ", v text, w $self->{type_of_w}, x boolean DEFAULT true"
		. ($unique ? ', PRIMARY KEY (' . $self->key_names . ')' : '') . ')'
		. ($parted ? ' PARTITION BY HASH (n)' : chance(20) ? ' WITH (fillfactor = 30)' : ''));
	$self->say("CREATE TABLE ledger.base_$_ PARTITION OF ledger.base FOR VALUES WITH (MODULUS 2, REMAINDER $_)") foreach $parted ? (0, 1) : ();
	$self->say('CREATE INDEX ON ledger.base (' . $self->key_names . ')') if $self->{shape} =~ /index|view|query/ || ($parted && chance(50));
	$self->say('CREATE INDEX ON ledger.base (n)') if chance(50);
	$self->say('CREATE VIEW ledger.seen AS SELECT * FROM ledger.base') if $self->{shape} eq 'view';
	$self->say('CREATE TABLE ledger.old (id integer PRIMARY KEY, v text); INSERT INTO ledger.old VALUES (1, \'a\'), (2, \'b\')');
	$self->say("GRANT USAGE ON SCHEMA ledger TO $readers; GRANT SELECT ON ALL TABLES IN SCHEMA ledger TO $readers");
	$self->say($self->filled($self->{rows}));
	$self->say('ANALYZE ledger.base') if chance(60);
	return;
}

# Members of the dataset's ingestion.
sub ingestion
{
	my ($self) = @_;
	my @filter = $self->{filter} ? (filter => $self->{filter}) : ();
	# the batch that publishes it reads all rows, as they may have been deleted meanwhile
	return (kind => 'sql_watermark', from => 'ledger.base', @filter, watermark => { type => 'xmin', full_every => '1000d' }) if $self->{marked};
	push @filter, kind => 'sql_snapshot';
	return (query => 'SELECT ' . $self->key_names . ', v, w, x FROM ledger.base' . ($self->{filter} ? " WHERE $self->{filter}" : ''),
			kind => 'sql_snapshot')
		if $self->{shape} eq 'query';
	return (from => $self->{shape} eq 'view' ? 'ledger.seen' : 'ledger.base', @filter);
}

sub columns
{
	my ($self) = @_;
	return [ (map { { name => $_->[0], type => $_->[1] } } @{ $self->{key} }), { name => 'v', type => 'text' }, { name => 'w', type => 'integer' },
		{ name => 'x', type => 'boolean', nullable => JSON::PP::false } ];
}

# What the dataset has to have, sorted as text.
sub content
{
	my ($self) = @_;
	return [ sort $self->{writer}->run("SET TimeZone = 'UTC'; SELECT " . $self->key_names . ', v, w, x FROM ledger.base WHERE '
			. ($self->{filter} || 'true')) ];
}

sub old { my ($self) = @_; return join ' ', sort $self->{writer}->run('SELECT id, v FROM ledger.old'); }

# ---- the writer ------------------------------------------------------------------------------------------------------

sub filled
{
	my ($self, $rows) = @_;
	return "INSERT INTO ledger.base SELECT n, " . $self->key_of('n') . ", 'row ' || n, nullif(n % 50, 7) FROM generate_series(0, $rows - 1) n"
		. (chance(50) ? ' ORDER BY hashint4(n)' : '');
}

sub some_numbers { my ($self, $count) = @_; return join ', ', map { roll(int($self->{rows} * 1.5) + 20) } 1 .. $count; }

# Changes of a few kinds, each in a transaction of its own or in one that stays open. Returns whether one of them took the table away for a
# moment, so that a call which reads meanwhile may fail.
sub act
{
	my ($self, $times) = @_;
	my $harsh = 0;
	for (1 .. $times)
	{
		my $dice = roll(100);
		if ($self->{open}) { $self->finish if chance(50) }
		elsif ($dice < 10) { $self->say('BEGIN'); $self->{open} = 1 }
		if (!$self->{open} && $dice >= 88) { $harsh = 1; $self->rewrite }
		else { $self->say($self->change) }
	}
	return $harsh;
}

sub finish
{
	my ($self) = @_;
	$self->say(chance(70) ? 'COMMIT' : 'ROLLBACK') if $self->{open};
	$self->{open} = 0;
	return;
}

sub change
{
	my ($self) = @_;
	my $dice = roll(100);
	my ($from, $to) = map { $self->some_numbers(1) } 1, 2;
	if ($dice < 30) { return $self->inserted($self->some_numbers(1 + roll(12))) }
	elsif ($dice < 45) { return 'DELETE FROM ledger.base WHERE n IN (' . $self->some_numbers(1 + roll(8)) . ')' }
	elsif ($dice < 50) { return "DELETE FROM ledger.base WHERE n BETWEEN $from AND $from + " . roll(80) }
	elsif ($dice < 70) { return "UPDATE ledger.base SET v = 'new ' || n, w = w + 1 WHERE n IN (" . $self->some_numbers(1 + roll(12)) . ')' }
	elsif ($dice < 75) { return "UPDATE ledger.base SET v = repeat('long ', 100) || n WHERE n BETWEEN $from AND $from + " . roll(60) }
	# moved by far, or all of them behind the last one
	elsif ($dice < 90) { return "UPDATE ledger.base SET (n, " . $self->key_names . ') = ROW (' . "$to, " . $self->key_of($to) . ")
		WHERE n = $from AND NOT EXISTS (SELECT FROM ledger.base WHERE n = $to)" }
	elsif ($dice < 95) { $self->{rows} += 40; return $self->inserted("SELECT generate_series($self->{rows}, $self->{rows} + " . roll(60) . ')') }
	else { return "UPDATE ledger.old SET v = v || '.' WHERE id = " . (1 + roll(2)) }
}

sub inserted
{
	my ($self, $numbers) = @_;
	my $list = $numbers =~ /SELECT/ ? $numbers : "SELECT unnest('{$numbers}'::integer[])";
	return 'INSERT INTO ledger.base SELECT n, ' . $self->key_of('n') . ", 'late ' || n, n % 9 FROM (SELECT DISTINCT n FROM ($list) l (n)) l (n)"
		. ' WHERE NOT EXISTS (SELECT FROM ledger.base b WHERE b.n = l.n)';
}

sub rewrite
{
	my ($self) = @_;
	my $dice = roll(100);
	if ($dice < 30) { $self->say('BEGIN; TRUNCATE ledger.base; ' . $self->filled(roll($self->{rows} + 30)) . '; COMMIT') }
	elsif ($dice < 45) { $self->say('TRUNCATE ledger.base') }
	elsif ($dice < 70) { $self->say('VACUUM FULL ledger.base') }
	elsif ($dice < 85) { $self->say('VACUUM ledger.base') }
	else { $self->say('ANALYZE ledger.base') }
	return;
}

# ---- rows that cannot be loaded --------------------------------------------------------------------------------------

# What the error is about, by SQLSTATE; nothing when there is no such row to have.
sub make_odd
{
	my ($self) = @_;
	$self->finish;
	my @kinds = ('23502', $self->{type_of_w} eq 'bigint' ? '22003' : (), $self->{may_be_null} ? 'null' : (), $self->is_unique ? () : 'twice');
	my $kind = pick(@kinds);
	my $n = 100_001; # not divisible by 5, so the filter lets it through
	my @key = $self->values_of($n);
	if ($kind eq 'null')
	{
		my ($first, @others) = map { $_->[0] } @{ $self->{key} };
		$self->say("INSERT INTO ledger.base (n, " . join(', ', @others, 'v') . ') SELECT '
				. join(', ', $n, @key[ 1 .. $#key ], q{'odd'}));
	}
	else
	{
		my $w = $kind eq '22003' ? '3000000000' : '1';
		my $x = $kind eq '23502' ? 'NULL' : 'true';
		$self->say('INSERT INTO ledger.base SELECT ' . join(', ', $n, @key) . ", 'odd', $w, $x FROM generate_series(1, " . ($kind eq 'twice' ? 2 : 1) . ')');
	}
	$self->{odd} = $kind;
	return $kind;
}

sub correct
{
	my ($self) = @_;
	$self->finish;
	$self->say(q{DELETE FROM ledger.base WHERE v = 'odd'});
	$self->{odd} = '';
	return;
}

1;
