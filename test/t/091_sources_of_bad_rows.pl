# A source that dies in the middle of a copy, lags behind, or has rows that do not fit: each is a clear outcome of the batch, and nothing that
# was published is lost. Rows of all built-in types are the same as those of a local pull, compared as they arrive or staged.
use strict;
use warnings;

use Datasurface::Proxy qw(start_proxy);
use Datasurface::Seeds;
use Datasurface::Source qw(start_source write_secret);
use Datasurface::StopPoints qw(start_node);
use IPC::Run;
use JSON::PP;
use PostgreSQL::Test::Cluster;
use PostgreSQL::Test::Utils;
use Test::More;
use Time::HiRes qw(usleep);

my $password = 'sesame-4711-opens';
my $source = start_source('source', crm_reader => 'scram-sha-256', crm_trusted => 'trust');
my $secrets = PostgreSQL::Test::Utils::tempdir();
my $node = start_node('node', settings => "datasurface.secrets_directory = '$secrets'\nmax_prepared_transactions = 2",
	extra => [ '--encoding=UTF8', '--locale=C' ]);

sub sql { my ($sql, $where, $database) = @_; return ($where // $node)->safe_psql($database // 'postgres', $sql); }

sub there { my ($sql) = @_; return sql($sql, $source, 'shop'); }

# run($store, $way): the outcome of a run, and the error of its batch or why it is held
sub run
{
	my ($store, $way) = @_;
	$way //= 'auto';
	return sql("SET client_min_messages = error; SET datasurface.pull = $way; SELECT datasurface.ds_run('$store');"
			. " SELECT coalesce(error_sqlstate || ' ' || error_message, held_because) FROM datasurface.batches b"
			. " WHERE stream = '$store' AND state IN ('failed', 'held')");
}

# ---- the source, its standby, and the credentials ----

sql("CREATE ROLE crm_reader LOGIN PASSWORD '$password'; CREATE ROLE crm_trusted LOGIN;
	CREATE DATABASE shop TEMPLATE template0 ENCODING 'UTF8' LC_COLLATE 'C' LC_CTYPE 'C'", $source);
sql("CREATE DATABASE $_ TEMPLATE template0 ENCODING 'SQL_ASCII' LC_COLLATE 'C' LC_CTYPE 'C'", $source) foreach qw(ascii claimed);
$source->backup('copy');
my $standby = PostgreSQL::Test::Cluster->new('standby');
$standby->init_from_backup($source, 'copy', has_streaming => 1);
$standby->start;

write_secret($secrets, 'crm', username => 'crm_reader', password => $password);
write_secret($secrets, 'trusted', username => 'crm_trusted', password => 'not asked for');
my $elsewhere = PostgreSQL::Test::Utils::tempdir();
write_secret($elsewhere, 'crm', username => 'crm_reader', password => $password);
symlink "$elsewhere/crm", "$secrets/linked" or die "no link: $!";

my %place = (host => '127.0.0.1', port => $source->port, database => 'shop');
my %lagging = (%place, port => $standby->port);
my %database = (encoding => 'ascii', claimed => 'claimed');    # store => where its rows are, if not in shop

# How the answers of the source are spoiled is read by each new connection.
my $spoiled = "$elsewhere/spoiled";
my ($how, $rows) = (undef, 0);
my $proxy = start_proxy($source->port, sub {
	my ($type, $bytes) = @_;
	$how //= -e $spoiled ? slurp_file($spoiled) : '';
	return undef if $how eq 'a row is lost' && $type eq 'd' && ++$rows == 2;
	return undef if $how eq 'no trailer' && $type eq 'd' && $bytes eq "\xff\xff";
	return $bytes =~ s/^COPY \d+/COPY/r if $how eq 'no count' && $type eq 'C';
	return $bytes =~ s/^COMMIT/ROLLBACK/r if $how eq 'no commit' && $type eq 'C';
	return $bytes;
});
my %through_proxy = (%place, port => $proxy);
sql("CREATE ROLE crm_owner LOGIN; CREATE EXTENSION datasurface; GRANT CREATE ON DATABASE postgres TO crm_owner;
	CREATE FOREIGN DATA WRAPPER other_servers;
	CREATE SERVER crm_server FOREIGN DATA WRAPPER other_servers OPTIONS (host '127.0.0.1', port '$place{port}', dbname 'shop');
	GRANT USAGE ON FOREIGN SERVER crm_server TO crm_owner;
	CREATE USER MAPPING FOR crm_owner SERVER crm_server OPTIONS (user 'crm_reader', password '$password')");

# ---- tables whose rows cease to fit ----

# store => [ type here, type there, two values, what is done there, what a run says of it, what is done to mend it ]
my %bad = (
	encoding => [ 'text', 'text', [ 'a', 'b' ], q{UPDATE encoding SET v = E'caf\xe9' WHERE id = 2},
		qr/^failed 22021 source "encoding_db": invalid byte sequence for encoding "UTF8"/, q{UPDATE encoding SET v = 'cafe'} ],
	claimed => [ 'text', 'text', [ 'a', 'b' ], q{UPDATE claimed SET v = E'caf\xe9' WHERE id = 2;
			UPDATE pg_database SET encoding = pg_char_to_encoding('UTF8') WHERE datname = 'claimed'},
		qr/^failed 22021 invalid byte sequence for encoding "UTF8": 0xe9$/, q{UPDATE claimed SET v = 'cafe'} ],
	surplus => [ 'integer', 'integer', [ '1', '2' ], q{ALTER TABLE surplus ADD w integer},
		qr/^failed 42804 the table of dataset "rows" of store "surplus" has column "w"/, q{ALTER TABLE surplus DROP w} ],
	infinite => [ 'integer', 'numeric', [ '1', '2' ], q{UPDATE infinite SET v = 'NaN' WHERE id = 2},
		qr/^failed 0A000 .*NaN/, q{UPDATE infinite SET v = 3} ],
	far => [ 'timestamp', 'date', [ '2020-01-01', 'infinity' ], q{UPDATE far SET v = '5874897-12-31' WHERE id = 2},
		qr/^failed 22008 .*out of range for timestamp/, q{UPDATE far SET v = '-infinity'} ],
	wide => [ 'numeric(4,2)', 'numeric', [ '1.25', 'NaN' ], q{UPDATE wide SET v = 100 WHERE id = 2},
		qr/^failed 22003 numeric field overflow/, q{UPDATE wide SET v = 99.994} ],
	narrow => [ 'integer', 'bigint', [ '1', '2' ], q{UPDATE narrow SET v = 2147483648 WHERE id = 2},
		qr/^failed 22003 integer out of range/, q{UPDATE narrow SET v = 2147483647} ],
	changed => [ 'integer', 'integer', [ '1', '2' ], q{ALTER TABLE changed ALTER v TYPE text},
		qr/^failed 42804 /, q{ALTER TABLE changed ALTER v TYPE integer USING v::integer} ],
	missing => [ 'integer', 'integer', [ '1', '2' ], q{ALTER TABLE missing DROP v},
		qr/^failed 42703 /, q{ALTER TABLE missing ADD v integer} ],
	dropped => [ 'integer', 'integer', [ '1', '2' ], q{ALTER TABLE dropped RENAME TO gone},
		qr/^failed 42P01 source "dropped_db": relation "public.dropped" does not exist/, q{ALTER TABLE gone RENAME TO dropped} ],
	twice => [ 'integer', 'integer', [ '1', '2' ], q{INSERT INTO twice VALUES (2, 3)},
		qr/^failed SF020 .*1 key staged more than once/, q{DELETE FROM twice WHERE v = 3} ],
	nulls => [ 'integer', 'integer', [ '1', '2' ], q{INSERT INTO nulls VALUES (NULL, 3)},
		qr/^failed SF021 /, q{DELETE FROM nulls WHERE id IS NULL} ],
	emptied => [ 'integer', 'integer', [ '1', '2' ], q{DELETE FROM emptied},
		qr/^held brake "empty"/, q{INSERT INTO emptied VALUES (1, 1), (2, 5)} ],
);
sub database_of { my ($store) = @_; return $database{$store} // 'shop'; }

sub bad_there { my ($store, $sql) = @_; return sql($sql, $source, database_of($store)); }
for my $store (sort keys %bad)
{
	my ($here, $type, $values) = @{ $bad{$store} };
	bad_there($store, "CREATE TABLE $store (id integer, v $type); INSERT INTO $store VALUES (1, '$values->[0]'), (2, '$values->[1]');
		GRANT SELECT ON $store TO crm_reader");
}

# ---- all built-in types ----

# type => a random value, by random()
my @types = (
	[ bool => 'r < 0.5' ], [ smallint => '(r * 65535 - 32768)::int' ], [ integer => '(r * 4e9 - 2e9)' ], [ bigint => '(r * 1.8e19 - 9e18)' ],
	[ real => "CASE WHEN r < 0.1 THEN 'NaN' ELSE r * 1e30 END" ],
	[ 'double precision' => "CASE WHEN r < 0.1 THEN '-Infinity' ELSE (r - 0.5) * 1e300 END" ],
	[ numeric => "CASE WHEN r < 0.1 THEN 'NaN' WHEN r < 0.2 THEN 'Infinity' ELSE r::numeric ^ 20 END" ], [ 'numeric(12,4)' => 'r * 1e7' ],
	[ text => "repeat(chr(33 + (r * 900)::int), (r * 30)::int)" ], [ 'varchar(20)' => "repeat('ä ', (r * 10)::int)" ],
	[ 'character(8)' => "repeat('b', (r * 8)::int) || ' '" ], [ '"char"' => "chr(33 + (r * 90)::int)" ], [ name => "md5(r::text)" ],
	[ bytea => "decode(md5(r::text) || '00', 'hex')" ],
	[ date => "CASE WHEN r < 0.1 THEN 'infinity' ELSE date '0044-03-15 BC' + (r * 1e6)::int END" ], [ time => "time '00:00' + r * interval '1 day'" ],
	[ 'time(3)' => "time '00:00' + r * interval '1 day'" ], [ timetz => "(time '00:00' + r * interval '1 day') AT TIME ZONE interval '5:30'" ],
	[ timestamp => "timestamp '-infinity'" ], [ 'timestamp(2)' => "timestamp '1800-01-01' + r * interval '500 years'" ],
	[ timestamptz => "timestamptz '1800-01-01 UTC' + r * interval '500 years'" ], [ interval => "r * interval '1000 years 13 days' - interval '7 s'" ],
	[ uuid => "md5(r::text)::uuid" ], [ inet => "inet '10.0.0.0/8' + (r * 1e6)::bigint" ], [ cidr => "set_masklen(cidr '2001:db8::/64', 64)" ],
	[ macaddr => "trunc(macaddr '08:00:2b:01:02:03')" ], [ macaddr8 => "macaddr8 '08:00:2b:01:02:03:04:05'" ],
	[ 'bit(9)' => '(r * 511)::int::bit(9)' ], [ 'bit varying' => "substr((r * 1e9)::int::bit(32)::text, 1, (r * 32)::int)::varbit" ],
	[ money => '(r * 1e6)::numeric' ], [ oid => '(r * 4e9)::bigint' ], [ pg_lsn => "'16/B374D848'::pg_lsn + (r * 1e6)::int" ],
	[ json => "json_build_object('a', r, 'b', NULL)" ], [ jsonb => "jsonb_build_object('ü', r)" ], [ xml => "xmlelement(name a, r)" ],
	[ point => "point(r, -r)" ], [ box => "box(point(r, 1), point(0, r))" ], [ circle => "circle(point(r, r), r)" ], [ path => "path '((0,0),(1,2))'" ],
	[ tsvector => "to_tsvector('simple', 'a b ' || md5(r::text))" ], [ int4range => "int4range(0, (r * 100)::int)" ],
	[ tstzrange => "tstzrange(timestamptz '2000-01-01 UTC', NULL)" ], [ nummultirange => "nummultirange(numrange(0, r::numeric))" ],
	[ 'integer[]' => "ARRAY[(r * 9)::int, NULL, 3]" ], [ 'text[]' => "ARRAY['a,\"', NULL, md5(r::text)]" ],
	[ 'numeric(9,2)[]' => "ARRAY[[r, 1], [2, r]]" ], [ 'timestamptz[]' => "ARRAY[timestamptz '2000-01-01 UTC' + r * interval '1 day']" ],
);
my $columns = join ', ', map { "c$_" } 0 .. $#types;
my $seed = Datasurface::Seeds->new(fixed => [], new => 1)->next_seed % 1000 / 1000;

# The same random rows, wherever it is executed.
sub fill
{
	my ($from, $to) = @_;
	my $values = join ', ', map {
		my $value = $types[$_][1] =~ s/\br\b/q.r[${\ ($_ + 1)}]/gr;
		"CASE WHEN q.r[${\ (@types + 1)}] * ${\ scalar @types} BETWEEN $_ AND $_ + 1 THEN NULL ELSE ($value)::$types[$_][0] END"
	} 0 .. $#types;
	return "SET TimeZone = 'UTC'; SELECT setseed($seed); INSERT INTO all_types SELECT g, $values FROM generate_series($from, $to) g, LATERAL (
		SELECT array_agg(x.r) AS r FROM (SELECT random() AS r FROM generate_series(0, ${\ scalar @types}) h WHERE h + g > 0) x) q ORDER BY g;";
}
my $all_types = 'CREATE TABLE all_types (id integer PRIMARY KEY, ' . join(', ', map { "c$_ $types[$_][0]" } 0 .. $#types) . ');';
my $change = 'DELETE FROM all_types WHERE id <= 10; ' . fill(301, 320)
	. 'UPDATE all_types a SET (' . $columns . ') = (SELECT ' . $columns . ' FROM all_types b WHERE b.id = a.id + 1) WHERE id % 7 = 0;';
there($all_types . fill(1, 300) . 'GRANT SELECT ON all_types TO crm_reader');
sql("$all_types GRANT SELECT ON all_types TO crm_owner;" . fill(1, 300));

# ---- the model ----

sub credential { my ($name, %more) = @_; return { name => $name, description => 'd', kind => 'files', directory => $name,
		roles => [ 'crm_owner', 'postgres' ], sources => [ \%place, \%lagging, \%through_proxy,
			map { { %place, database => $_ } } values %database ], %more }; }

sub source { my ($name, %more) = @_; return { name => $name, description => 'd', kind => 'postgresql', owner => 'crm_owner',
		%place, options => { sslmode => 'disable' }, credential => 'crm', %more }; }

sub store
{
	my ($name, $source, $ingestion, $columns, %more) = @_;
	return { name => $name, description => 'd', owner => 'crm_owner', $source ? (source => $source) : (), datasets => [ { name => 'rows',
		description => 'd', columns => $columns, primary_key => ['id'], brakes => { empty => { rows => 1 } }, ingestion => { kind => 'sql_snapshot', %$ingestion } } ], %more };
}

my @id = ({ name => 'id', type => 'integer' });
my @types_here = (@id, map { { name => "c$_", type => $types[$_][0] } } 0 .. $#types);
my %slow = (query => 'SELECT g AS id FROM pg_catalog.generate_series(1, 100000) g WHERE g < 90000 OR pg_catalog.pg_sleep(0.1) IS NOT NULL');
my %moved = %place;

sub load
{
	my %model = (
		credentials => [ credential('crm'), credential('trusted'), credential('linked'),
			{ name => 'mapped', description => 'd', kind => 'user_mapping', server => 'crm_server' } ],
		sources => [ source('crm_db', connections => 3), source('mapped_db', credential => 'mapped'), source('trusted_db', credential => 'trusted'),
			source('linked_db', credential => 'linked'), source('moved_db', %moved),
			source('spoiled_db', %through_proxy), map { source("${_}_db", database => database_of($_)) } sort keys %bad ],
		stores => [
			store('mapped', 'mapped_db', { query => 'SELECT 1 AS id' }, \@id),
			store('boss', 'trusted_db', { query => 'SELECT 1 AS id' }, \@id, owner => 'postgres'),
			store('linked', 'linked_db', { query => 'SELECT 1 AS id' }, \@id),
			store('moved', 'moved_db', { from => 'public.steps' }, \@id),
			store('marked', 'moved_db', { kind => 'sql_watermark', from => 'public.marks', watermark => { column => 'at',
				type => 'timestamptz', overlap => '0', full_every => '1d' } }, \@id),
			store('spoiled', 'spoiled_db', { from => 'public.steps' }, \@id),
			store('slow', 'crm_db', \%slow, \@id),
			store('types_here', undef, { from => 'public.all_types' }, \@types_here),
			(map { store("types_$_", 'crm_db', { from => 'public.all_types' }, \@types_here) } qw(auto staged)),
			map { store($_, "${_}_db", { from => "public.$_", $_ eq 'surplus' ? (match_columns => 'exact') : () },
				[ @id, { name => 'v', type => $bad{$_}[0] } ]) } sort keys %bad ],
		workspaces => []);
	return sql('SET client_min_messages = error; SELECT datasurface.ds_load_model($model$' . encode_json(\%model)
			. '$model$); SELECT count(*) FROM datasurface.ds_reconcile_schema()');
}
there('CREATE TABLE steps (id integer PRIMARY KEY); INSERT INTO steps VALUES (1); GRANT SELECT ON steps TO crm_reader');
there('CREATE TABLE marks (id integer PRIMARY KEY, at timestamptz); INSERT INTO marks VALUES (1, now()); GRANT SELECT ON marks TO crm_reader');
load();

# ---- who logs in ----

is(run('mapped'), 'DONE', 'the login of a user mapping');
sql("ALTER USER MAPPING FOR crm_owner SERVER crm_server OPTIONS (SET password 'wrong')");
like(run('mapped'), qr/^FAILED\n08001 source "mapped_db": .*password authentication failed/, 'a mapping with a wrong password');
sql('DROP USER MAPPING FOR crm_owner SERVER crm_server');
like(run('mapped'), qr/^FAILED\n42501 .*no user mapping/, 'no mapping any more');
is(run('boss'), 'DONE', 'a store of a superuser may be let in without a password');
like(run('linked'), qr/^FAILED\nF0000 the secret file "linked\/username"/, 'a credential that is a link out of the directory');

# ---- rows that do not fit ----

my @bad = sort keys %bad;

# All of them in one session. store => the state of its last batch, and its error or why it is held
sub run_all
{
	my ($way) = @_;
	my @lines = split /\n/, sql("SET client_min_messages = error; SET datasurface.pull = $way;
		SELECT datasurface.ds_run(s) FROM unnest('{${\ join ',', @bad}}'::text[]) s \\g /dev/null
		SELECT DISTINCT ON (stream) stream || '|' || concat_ws(' ', state, error_sqlstate, error_message, held_because)
		FROM datasurface.batches WHERE stream = ANY ('{${\ join ',', @bad}}') ORDER BY stream, batch DESC");
	return map { split /\|/, $_, 2 } @lines;
}

# store => its rows
sub rows_of
{
	my ($what, $where) = @_;    # $what->($store): FROM
	my %rows;
	for my $store (@bad)
	{
		next if $where && $where ne database_of($store);
		$rows{$store} = "SELECT '$store|' || coalesce(string_agg(id || ' ' || v::$bad{$store}[0], ',' ORDER BY id), '') FROM " . $what->($store);
	}
	my @lines = split /\n/, sql(join(';', map { $rows{$_} } sort keys %rows), $where ? ($source, $where) : ());
	return map { split /\|/, $_, 2 } @lines;
}

sub bad_do
{
	my ($which) = @_;
	sql(join(';', map { $bad{$_}[$which] } grep { !$database{$_} } @bad), $source, 'shop');
	bad_there($_, $bad{$_}[$which]) foreach sort keys %database;
	return;
}

my $here = sub { return "$_[0].rows" };
my $there = sub { return "public.$_[0]" };
my %said = run_all('auto');
is($said{$_}, 'committed', "$_: rows that fit") foreach @bad;
my %before = rows_of($here);
bad_do(3);
for my $way (qw(auto staged))
{
	%said = run_all($way);
	like($said{$_}, $bad{$_}[4], "$_: rows that do not fit, $way") foreach @bad;
}
my %after = rows_of($here);
is($after{$_}, $before{$_}, "$_: nothing is lost") foreach @bad;
bad_do(5);
%said = run_all('auto');
is($said{$_}, 'committed', "$_: mended") foreach @bad;
%after = rows_of($here);
my %source_rows = map { rows_of($there, $_) } 'shop', values %database;
is($after{$_}, $source_rows{$_}, "$_: the rows of the source") foreach @bad;

# ---- rows of all types ----

sub types_are_the_same
{
	my ($what) = @_;
	is(run('types_here'), 'DONE', "$what: pulled from this database");
	my $digest = "md5(string_agg(ROW(id, $columns)::text, '' ORDER BY id)), count(*)";
	my $local = sql("SELECT $digest FROM types_here.rows");
	is(sql("SELECT $digest FROM all_types"), $local, "$what: as it is");
	for my $way (qw(auto staged))
	{
		is(run("types_$way", $way), 'DONE', "$what: pulled from the source, $way");
		is(sql("SELECT $digest FROM types_$way.rows"), $local, "$what: the same rows, $way");
	}
	is(sql("SELECT count(DISTINCT (staged, inserted, updated, deleted, unchanged)), count(*), count(received_bytes), min(received_bytes) > 10000,
		string_agg(way, ' ' ORDER BY stream) FROM datasurface.batch_datasets x WHERE stream LIKE 'types%' AND batch = (
			SELECT max(batch) FROM datasurface.batches b WHERE b.stream = x.stream)"), '1|3|2|t|straight straight staged', "$what: the same changes");
}
types_are_the_same('first load');
there($change);
sql($change);
types_are_the_same('changes');

# ---- a source whose answers are changed on their way ----

my %spoiled = (
	'a row is lost' => qr/^08P01 source "spoiled_db": the copy of dataset "rows" of store "spoiled" is not whole: 1 row came\|The source counted 2 rows\.$/,
	'no trailer' => qr/^08P01 source "spoiled_db": the copy of dataset "rows" of store "spoiled" has no end\|/,
	'no count' => qr/^08P01 source "spoiled_db": the copy of dataset "rows" of store "spoiled" is not whole: 2 rows came\|The source did not say how many/,
	'no commit' => qr/^08P01 source "spoiled_db": it has not committed the snapshot\|/,
);
there('INSERT INTO steps VALUES (0)');
is(run('spoiled'), 'DONE', 'a proxy that changes nothing');
for my $spoil (sort keys %spoiled)
{
	append_to_file($spoiled, $spoil);
	for my $way (qw(auto staged))
	{
		is(sql("SET datasurface.pull = $way; SELECT datasurface.ds_run('spoiled')"), 'FAILED', "$spoil, $way: the batch fails");
		like(sql("SELECT concat(error_sqlstate, ' ', error_message, '|', error_detail) FROM datasurface.batches WHERE stream = 'spoiled'
			ORDER BY batch DESC LIMIT 1"), $spoiled{$spoil}, "$spoil, $way: the error");
	}
	unlink $spoiled;
}
is(run('spoiled'), 'DONE', 'a proxy that changes nothing any more');
is(sql("SELECT string_agg(id::text, ' ' ORDER BY id) FROM spoiled.rows"), '0 1', 'no row was lost');
there('DELETE FROM steps WHERE id = 0');

# ---- a source that dies in the middle of a copy ----

# Starts a run, and waits until rows have come.
sub begin_slow
{
	my ($way) = @_;
	my %run = (out => '', error => '');
	$run{session} = IPC::Run::start([ 'psql', '-XAtq', '-d', $node->connstr('postgres'), '-c', "SET datasurface.pull = $way",
			'-c', "SELECT datasurface.ds_run('slow')" ], '>', \$run{out}, '2>', \$run{error});
	ok($node->poll_query_until('postgres', "SELECT count(*) = 1 FROM datasurface.merge_progress WHERE stream = 'slow' AND dataset = 'rows'
		AND phase = 'receiving rows' AND received_rows > 10000 AND received_bytes > 10 * received_rows"), "rows and bytes that have come are shown, $way");
	return \%run;
}

my $of_slow = "FROM pg_stat_activity WHERE application_name = 'datasurface: slow'";
my $in_use = "SELECT connections, connections_in_use, stores FROM datasurface.sources WHERE source = 'crm_db'";
for my $way (qw(auto staged))
{
	my $run = begin_slow($way);
	is(sql($in_use), '3|1|{slow,types_auto,types_staged}', "a connection is in use, $way");
	sql("SELECT pg_terminate_backend(pid) $of_slow", $source);
	$run->{session}->finish;
	is($run->{out}, "FAILED\n", "its backend was ended, $way");
	like(sql("SELECT error_sqlstate, error_message FROM datasurface.streams WHERE stream = 'slow'"), qr/^08006\|source "crm_db": /, "the error, $way");
	is(sql("SELECT count(*) FROM slow.rows; $in_use"), "0\n3|0|{slow,types_auto,types_staged}", "nothing is published, $way");
}
my $run = begin_slow('auto');
my ($postmaster) = split /\n/, slurp_file($source->data_dir . '/postmaster.pid');
$source->kill9;
$run->{session}->finish;
is($run->{out}, "FAILED\n", 'its server was killed');
like(sql("SELECT error_sqlstate, error_message FROM datasurface.streams WHERE stream = 'slow'"), qr/^08006\|source "crm_db": /, 'the error');
is(sql('SELECT count(*) FROM slow.rows; SELECT count(*) FROM datasurface.merge_progress'), "0\n0", 'nothing is published');
usleep(20_000) while kill 0, $postmaster;    # it may still be there for a moment
$source->start;
is(run('types_auto'), 'DONE', 'a source that was killed and is up again goes on');

# ---- a standby as source ----

is(run('moved'), 'DONE', 'rows of the primary');
$source->wait_for_catchup($standby);
sql('SELECT pg_wal_replay_pause()', $standby);
$standby->poll_query_until('postgres', "SELECT pg_get_wal_replay_pause_state() = 'paused'");
there('INSERT INTO steps VALUES (2); INSERT INTO marks VALUES (2, now())');
there('CHECKPOINT');
is(run('moved'), 'DONE', 'more rows of it');
%moved = %lagging;
load();
like(run('moved', $_), qr/^HELD\n.*is at an earlier position in the WAL than at /, "a standby that lags behind the primary holds the batch, $_") foreach qw(auto staged);
is(sql("SELECT kind, dataset FROM datasurface.batch_findings WHERE stream = 'moved' AND state = 'held'"), 'source|rows', 'the finding');
is(sql('SELECT count(*) FROM moved.rows'), '2', 'nothing is lost');
is(run('marked'), 'DONE', 'a window of the standby');
is(sql('SELECT count(*) FROM marked.rows'), '1', 'has what the standby has replayed');
sql('SELECT pg_wal_replay_resume()', $standby);
there('INSERT INTO steps VALUES (3)');
$source->wait_for_catchup($standby);
is(run('moved'), 'DONE', 'when it has caught up, the next run publishes it');
is(run('marked'), 'DONE', 'a window of what it has replayed since');
is(sql('SELECT count(*) FROM marked.rows'), '2', 'the mark was not ahead of it');
is(sql("SELECT count(*) FROM moved.rows; SELECT source_lsn > '0/0' AND source_lsn <= '" . sql('SELECT pg_last_wal_replay_lsn()', $standby)
			. "' FROM datasurface.streams WHERE stream = 'moved'"), "3\nt", 'rows of the standby, and the position that it has replayed');

my @all = (sql('SELECT * FROM datasurface.batches; SELECT * FROM datasurface.sources; SELECT * FROM datasurface.batch_findings'));
$_->stop('immediate') foreach $node, $standby, $source;
push @all, slurp_file($_->logfile) =~ s/^.*(CREATE ROLE crm_reader|CREATE USER MAPPING).*$//mgr foreach $node, $standby, $source;
unlike(join('', @all), qr/\Q$password\E/, 'no password in a view or a log');

done_testing();
