# A column of a source has another type than the dataset: for all pairs of built-in types a pull gives what a pull by a query of this
# database gives of the same table, the same rows or the same error. The server is its own source.
use strict;
use warnings;

use Datasurface::Source qw(write_secret);
use Datasurface::StopPoints qw(start_node);
use JSON::PP;
use PostgreSQL::Test::Utils;
use Test::More;

my $secrets = PostgreSQL::Test::Utils::tempdir();
my $node = start_node('node', settings => "datasurface.secrets_directory = '$secrets'\nmax_locks_per_transaction = 1000",
	extra => [ '--encoding=UTF8', '--locale=C' ]);
write_secret($secrets, 'self', username => 'postgres', password => 'not asked for');

sub sql { my ($sql) = @_; return $node->safe_psql('postgres', "SET client_min_messages = error; $sql"); }
sub lines { my ($sql) = @_; return split /\n/, sql($sql); }

# ---- types, and values at their edges ----

# type there => values
my @there = (
	[ bool => qw(t f) ],
	[ smallint => qw(-7 32767) ],
	[ integer => qw(70000 -2147483648 1259) ],
	[ bigint => qw(5000000000 -9223372036854775808 65) ],
	[ numeric => qw(12.5000 NaN -Infinity 1e30) ],
	[ 'numeric(9,2)' => qw(12.55 -99999.95 9999999.99) ],
	[ real => qw(0.1 2.5 Infinity 3.4e38) ],
	[ 'double precision' => qw(0.1 1e300 -0 NaN 12.345678901234567) ],
	[ money => '$1,234.56', '-92233720368547758.08' ],
	[ text => 'é\\b  ', '', ('x' x 100), 'pg_class' ],
	[ 'varchar(9)' => 'ab  ', 'abcd  ', 'abcdefghi', 'int4' ],
	[ 'varchar' => 'ab ', '2020-01-01' ],
	[ 'character(9)' => 'ab', '', 'abcdefghi' ],
	[ 'bpchar' => 'ab   ', 'abcdef   ' ],
	[ '"char"' => 'c', '' ],
	[ name => 'pg_class', ('n' x 63) ],
	[ bytea => '\x00ff', '' ],
	[ date => '2020-02-03', 'infinity', '5874897-12-31', '4713-01-01 BC' ],
	[ timestamp => '2020-02-03 04:05:06.789999', '-infinity', '294276-12-31 23:59:59.999999' ],
	[ 'timestamp(3)' => '2020-02-03 04:05:06.789' ],
	[ timestamptz => '2020-02-03 04:05:06.789999+03', 'infinity', '4713-11-25 00:00:00+00 BC' ],
	[ time => '04:05:06.75', '23:59:59.999999', '24:00:00' ],
	[ timetz => '04:05:06.7+03', '00:00:00-15:30' ],
	[ interval => '1 mon 2 days 03:04:05.6789', '-7 s', '178000000 years' ],
	[ 'interval(1)' => '00:00:05.6' ],
	[ uuid => '00000000-0000-0000-0000-0000000000ab' ],
	[ inet => '1.2.3.4', '10.0.0.1/8', '::1' ],
	[ cidr => '1.2.3.0/24', '::/0' ],
	[ macaddr => '08:00:2b:01:02:03' ],
	[ macaddr8 => '08:00:2b:ff:fe:01:02:03', '08:00:2b:01:02:03:04:05' ],
	[ 'bit(4)' => '1010' ],
	[ varbit => '10101', '' ],
	[ oid => '1259', '4294967295' ],
	[ xid => '7' ],
	[ regclass => 'pg_class', '-' ],
	[ regproc => 'int4in' ],
	[ regtype => 'integer' ],
	[ pg_lsn => '16/B374D848' ],
	[ json => '{"b":1, "a":[1], "a":2}', '"\u0000"', 'null' ],
	[ jsonb => '{"b":1, "a":[1]}', '12.5' ],
	[ xml => '<a>x</a>', '<?xml version="1.0" encoding="latin1"?><a/>' ],
	[ point => '(1,2)', '(0.1,1e300)' ],
	[ lseg => '[(1,2),(3,4)]' ],
	[ box => '(1,2),(0,0)' ],
	[ path => '((0,0),(1,2))', '[(0,0),(1,2)]' ],
	[ polygon => '((0,0),(1,2),(3,0.1))' ],
	[ circle => '<(1,2),3>' ],
	[ tsvector => 'a:1A b' ],
	[ tsquery => 'a & !b' ],
	[ int4range => '[1,5)', 'empty' ],
	[ int4multirange => '{[1,5),[7,9)}' ],
	[ int2vector => '1 2' ],
	[ oidvector => '1 2' ],
	[ 'integer[]' => '{1,NULL}', '[0:1]={1,70000}', '{}', '{{1,2},{3,4}}' ],
	[ 'bigint[]' => '{1,5000000000}' ],
	[ 'text[]' => '{a,"b c ",NULL,"é\\\\"}' ],
	[ 'character(5)[]' => '{a,abcde}' ],
	[ 'varchar[]' => '{a,"abcd  "}' ],
	[ 'numeric[]' => '{1.50,2}', '{NaN}' ],
	[ 'real[]' => '{0.1,2.5}' ],
	[ 'double precision[]' => '{0.1,1e300}' ],
	[ 'bool[]' => '{t,f}' ],
	[ 'date[]' => '{2020-01-01,infinity}', '{5874897-12-31}' ],
	[ 'timestamptz[]' => '{2020-02-03 04:05:06.789999+03}' ],
	[ 'regclass[]' => '{pg_class}' ],
	[ 'inet[]' => '{1.2.3.4}' ],
	[ 'public.short_number' => '12.5', '1234567.8' ],
	[ 'public.short_text' => 'ab  ', ('y' x 20) ],
);

# type here
my @here = ((grep { !/^public/ } map { $_->[0] } @there), 'numeric(5,1)', 'varchar(4)', 'varchar(30)', 'character(4)', 'character(30)',
	'timestamp(0)', 'timestamptz(0)', 'time(0)', 'interval(0)', 'interval day', 'bit(3)', 'varbit(3)', 'numeric(9,1)[]', 'varchar(4)[]', 'timestamp[]',
	'oid[]', 'regtype[]', 'public.short_number', 'public.short_text', 'public.positive');

sub literal { my ($value) = @_; return q{'} . $value =~ s/'/''/gr . q{'}; }

sql("CREATE EXTENSION datasurface; CREATE SCHEMA pairs;
	CREATE DOMAIN public.short_number AS numeric(8,1); CREATE DOMAIN public.short_text AS varchar(20);
	CREATE DOMAIN public.positive AS integer CHECK (VALUE > 0); CREATE DOMAIN public.needed AS text NOT NULL;
	CREATE TABLE pairs.there (i integer PRIMARY KEY, type text); CREATE TABLE pairs.here (j integer PRIMARY KEY, type text);
	CREATE TABLE pairs.fits (i integer, j integer, k integer, error text);
	INSERT INTO pairs.there VALUES ${\ join ', ', map { qq{($_, '$there[$_][0]')} } 0 .. $#there};
	INSERT INTO pairs.here VALUES ${\ join ', ', map { qq{($_, '$here[$_]')} } 0 .. $#here}");
my $values = '';
for my $i (0 .. $#there)
{
	my ($type, @values) = @{ $there[$i] };
	my $rows = join ', ', map { "($_, ${\ literal($values[$_])})" } 0 .. $#values;
	$values .= "CREATE TABLE pairs.values_$i (id integer PRIMARY KEY, c$i $type); INSERT INTO pairs.values_$i VALUES $rows;\n";
}
sql($values);

# Pairs that PostgreSQL assigns; what an INSERT of each value says; and tables with the values that are taken, a column for each pair.
sql(<<'SQL');
CREATE TABLE pairs.types AS
	SELECT side, n, type, format_type(b.oid, NULL) AS base, b.oid, b.typcategory = 'S' AS is_string,
		CASE WHEN b.typsubscript = 'array_subscript_handler'::regproc THEN b.typelem END AS element
	FROM (SELECT 'there' AS side, i AS n, type FROM pairs.there UNION ALL SELECT 'here', j, type FROM pairs.here) x
		JOIN pg_type t ON t.oid = x.type::regtype JOIN pg_type b ON b.oid = coalesce(nullif(t.typbasetype, 0), t.oid);
CREATE TABLE pairs.casts AS SELECT castsource AS a, casttarget AS b FROM pg_cast WHERE castcontext IN ('i', 'a');
CREATE TABLE pairs.assigned AS SELECT a.n AS i, b.n AS j, a.type AS there, row_number() OVER (ORDER BY b.n, a.n) / 100 AS g
	FROM pairs.types a, pairs.types b WHERE a.side = 'there' AND b.side = 'here' AND b.base !~ 'vector$' AND (a.oid = b.oid OR b.is_string
		OR (a.oid, b.oid) IN (SELECT a, b FROM pairs.casts) OR a.element <> 0 AND b.element <> 0 AND (a.element = b.element
			OR b.element = ANY ('{text,varchar,bpchar,name}'::regtype[]) OR (a.element, b.element) IN (SELECT a, b FROM pairs.casts)));
DO $do$
<<good>>
DECLARE h record; g bigint; a record; k integer; said text;
BEGIN
	FOR h IN SELECT * FROM pairs.here ORDER BY j LOOP
		EXECUTE format('CREATE TEMP TABLE taken (c %s)', h.type);
		FOR a IN SELECT * FROM pairs.assigned WHERE j = h.j LOOP
			FOR k IN EXECUTE format('SELECT id FROM pairs.values_%s', a.i) LOOP
				said := NULL;
				BEGIN
					EXECUTE format('INSERT INTO taken SELECT c%s FROM pairs.values_%1$s WHERE id = $1', a.i) USING k;
				EXCEPTION WHEN OTHERS THEN said := SQLSTATE;
				END;
				INSERT INTO pairs.fits VALUES (a.i, a.j, k, said);
			END LOOP;
		END LOOP;
		DROP TABLE taken;
	END LOOP;
	FOR g IN SELECT DISTINCT x.g FROM pairs.assigned x LOOP
		EXECUTE (SELECT format('CREATE TABLE pairs.good_%s AS SELECT g.id, %s FROM generate_series(0, 4) g(id)', g, string_agg(format(
				'(SELECT v.c%1$s FROM pairs.values_%1$s v WHERE v.id = g.id AND v.id = ANY (%2$L)) AS c%1$s_%3$s', i, ks, j), ', '))
			FROM (SELECT i, j, coalesce(array_agg(fits.k) FILTER (WHERE error IS NULL), '{}') AS ks FROM pairs.assigned x JOIN pairs.fits USING (i, j)
				WHERE x.g = good.g GROUP BY 1, 2) x);
	END LOOP;
END $do$
SQL

# ---- the model ----

sub dataset
{
	my ($name, $ingestion, @columns) = @_;
	return { name => $name, description => 'd', columns => [ { name => 'id', type => 'integer' }, @columns ], primary_key => ['id'],
		ingestion => { kind => 'sql_snapshot', %$ingestion } };
}

sub store
{
	my ($name, $is_local, $consistency, @datasets) = @_;
	return { name => $name, description => 'd', owner => 'postgres', $is_local ? () : (source => 'self'), consistency => $consistency,
		datasets => \@datasets };
}

my %good;
for (lines('SELECT g, i, j FROM pairs.assigned ORDER BY i, j'))
{
	my ($g, $i, $j) = split /\|/;
	push @{ $good{$g} }, { name => "c${i}_$j", type => $here[$j] };
}
my @good = map { dataset("t$_", { from => "pairs.good_$_" }, @{ $good{$_} }) } sort keys %good;
my (@bad, %bad);
for (lines('SELECT DISTINCT ON (i) i, j, k, error FROM pairs.fits WHERE error IS NOT NULL ORDER BY i, (i * 31 + j * 17) % 23'))
{
	my ($i, $j, $k, $error) = split /\|/;
	$bad{"b${i}_$j"} = $error;
	push @bad, dataset("b${i}_$j", { from => "pairs.values_$i", filter => "id = $k" }, { name => "c$i", type => $here[$j] });
}
$bad{null} = '23502';
push @bad, dataset('null', { query => 'SELECT 0 AS id, NULL::integer AS v' }, { name => 'v', type => 'public.needed' });
# Both ways of a pull ask the same function: some are enough.
my @refused = map { my ($i, $j) = split /\|/; dataset("r${i}_$j", { from => "pairs.values_$i" }, { name => "c$i", type => $here[$j] }) }
	lines('SELECT i, j FROM pairs.there, pairs.here WHERE (i * 31 + j * 17) % 83 = 0 EXCEPT SELECT i, j FROM pairs.assigned');
cmp_ok(scalar @$_, '>', 10, 'enough of each kind') foreach \@good, \@bad, \@refused;

my %place = (host => $node->host, port => $node->port, database => 'postgres');
sub load
{
	my %model = (
		credentials => [ { name => 'self', description => 'd', kind => 'files', directory => 'self', roles => ['postgres'], sources => [ \%place ] } ],
		sources => [ { name => 'self', description => 'd', kind => 'postgresql', owner => 'postgres', %place, credential => 'self' } ],
		stores => [@_], workspaces => []);
	return sql('SELECT datasurface.ds_load_model($model$' . encode_json(\%model) . '$model$)');
}
my @stores = (store('good_here', 1, 'multi', @good), store('good_there', 0, 'multi', @good),
	store('bad_here', 1, 'single', @bad), store('bad_there', 0, 'single', @bad));
load(@stores);
sql('SELECT count(*) FROM datasurface.ds_reconcile_schema()');

# ---- values that are taken ----

# The pairs whose rows differ.
sub differences
{
	my $sql = join ' UNION ALL ', map {
		my $name = $_->{name};
		my $columns = join ', ', map { "CASE WHEN count(*) FILTER (WHERE h.$_->{name}::text IS DISTINCT FROM t.$_->{name}::text) > 0 THEN '$_->{name}' END" }
			@{ $_->{columns} };
		"SELECT unnest(ARRAY[$columns]) FROM good_here.$name h FULL JOIN good_there.$name t USING (id)"
	} @good;
	return join '; ', map { /^c(\d+)_(\d+)$/ ? "$there[$1][0] -> $here[$2]" : $_ } lines("SELECT x FROM ($sql) x(x) WHERE x IS NOT NULL");
}

sub run { my ($stream, $way) = @_; return sql("SET datasurface.pull = $way; SELECT datasurface.ds_run('$stream')"); }

my $ways = "SELECT DISTINCT way FROM datasurface.batch_datasets WHERE stream = 'good_there' AND batch = (
	SELECT max(batch) FROM datasurface.batches WHERE stream = 'good_there')";
is(run('good_here', 'auto'), 'DONE', 'a pull by a query of this database');
is(run('good_there', 'auto'), 'DONE', 'a pull from the source');
is(differences(), '', 'the same rows');
is(sql($ways), 'straight', 'they were compared as they came');
is(run('good_there', 'auto'), 'DONE', 'once more');
is(sql("SELECT checks_without_batch FROM datasurface.streams WHERE stream = 'good_there'"), '1', 'nothing has changed');
sql(join ';', map { "DELETE FROM good_there.$_->{name}" } @good);
is(run('good_there', 'staged'), 'DONE', 'the rows are staged');
is(differences(), '', 'the same rows');
is(sql($ways), 'staged', 'they were staged');

# ---- values that are refused ----

sql(join ';', map { my $store = $_; map { "SELECT datasurface.ds_run('$store#$_')" } sort keys %bad } qw(bad_here bad_there));
my %said = map { split /\|/, $_, 2 } lines("SELECT stream, error_sqlstate FROM datasurface.streams WHERE stream LIKE 'bad%'");
for my $name (sort keys %bad)
{
	my $pair = $name =~ /^b(\d+)_(\d+)$/ ? "$there[$1][0] -> $here[$2]" : $name;
	is($said{"bad_here#$name"}, $bad{$name}, "$pair: as an INSERT");
	is($said{"bad_there#$name"}, $bad{$name}, "$pair: the same from the source");
}

# ---- pairs that are refused ----

load(@stores, store('refused', 0, 'single', @refused));
my %check = map { split /\|/, $_, 2 } lines(q{SELECT "check", ok || ' ' || detail FROM datasurface.ds_test_source('self')});
for (@refused)
{
	my ($i, $j) = $_->{name} =~ /^r(\d+)_(\d+)$/;
	like($check{"dataset refused.$_->{name}"}, qr/^false .* gives column "c$i" as .*, not as /, "$there[$i][0] -> $here[$j] is refused");
}
is(scalar(grep { /^dataset good_there/ && $check{$_} =~ /^true/ } keys %check), scalar @good, 'the others are not');

done_testing();
