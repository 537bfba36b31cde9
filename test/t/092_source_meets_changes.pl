# What a query does at a source stays there: it cannot run a second statement, nor change what a later query means. A table that is loaded
# anew while a pull begins is never taken for empty. Text of a model arrives in the encoding of this database.
use strict;
use warnings;
use utf8;

use Datasurface::Source qw(start_source write_secret);
use Datasurface::StopPoints qw(start_node);
use Encode qw(encode_utf8);
use IPC::Run;
use JSON::PP;
use PostgreSQL::Test::Cluster;
use PostgreSQL::Test::Utils;
use Test::More;

my $source = start_source('source', reader => 'scram-sha-256', another => 'scram-sha-256');
my $secrets = PostgreSQL::Test::Utils::tempdir();
my $node = start_node('node', settings => "datasurface.secrets_directory = '$secrets'");
write_secret($secrets, 'crm', username => 'reader', password => 'sesame');
write_secret($secrets, 'more', username => 'another', password => 'open');

sub sql { my ($sql, $where, $database) = @_; return ($where // $node)->safe_psql($database // 'postgres', encode_utf8($sql)); }

sql("CREATE ROLE reader LOGIN PASSWORD 'sesame'; CREATE ROLE another LOGIN PASSWORD 'open'; CREATE SCHEMA open AUTHORIZATION reader;
	CREATE TABLE t AS SELECT n AS id, 'row ' || n AS v FROM generate_series(1, 20) n;
	CREATE TABLE p (id int, v text) PARTITION BY LIST (id); CREATE TABLE p1 PARTITION OF p DEFAULT; INSERT INTO p TABLE t;
	CREATE TABLE names AS SELECT 1 AS id, 'Zoë' AS v; GRANT SELECT ON ALL TABLES IN SCHEMA public TO reader, another", $source);
sql('CREATE ROLE keeper; CREATE ROLE other; CREATE DATABASE latin ENCODING LATIN1 LC_COLLATE "C" LC_CTYPE "C" TEMPLATE template0');

my %place = (host => '127.0.0.1', port => $source->port, database => 'postgres');

sub model
{
	my (%datasets) = @_; # store => [ [ name, query ], ... ]
	my @columns = ({ name => 'id', type => 'integer' }, { name => 'v', type => 'text' });
	return '$model$' . JSON::PP->new->canonical->encode({
		credentials => [ map { { name => $_, description => 'd', kind => 'files', directory => $_, roles => [ 'keeper', 'other' ],
			sources => [ \%place ] } } qw(crm more) ],
		sources => [ map { { name => $_, description => 'd', kind => 'postgresql', %place, options => { sslmode => 'disable' },
			credential => $_ } } qw(crm more) ],
		stores => [ map { my $store = $_; { name => $store, description => 'd', owner => $store =~ /^other/ ? 'other' : 'keeper',
			source => $store =~ /more/ ? 'more' : 'crm',
			brakes => { deletes => 'off', empty => 'off' },
			datasets => [ map { { name => $_->[0], description => 'd', columns => \@columns, primary_key => ['id'],
				ingestion => { kind => 'sql_snapshot', query => $_->[1] } } } @{ $datasets{$store} } ] } } sort keys %datasets ],
		workspaces => [] }) . '$model$';
}

sub make
{
	my ($database, %datasets) = @_;
	return sql('SET client_encoding = \'UTF8\'; CREATE EXTENSION IF NOT EXISTS datasurface; SET client_min_messages = error; SELECT datasurface.ds_load_model('
		. model(%datasets) . '); SELECT count(*) FROM datasurface.ds_reconcile_schema()', $node, $database);
}

my $off = "SELECT 1 AS id, set_config('standard_conforming_strings', 'off', false) AS v";
my $who = 'SELECT 1 AS id, session_user::text AS v';
my $breakout = q{SELECT 3 AS id, '\' AS v, ' ) TO STDOUT; COMMIT; CREATE TABLE open.broken (); COPY (SELECT 1 --' AS x};
make('postgres', breaks => [ [ 'a', $off ], [ 'b', $breakout ] ], leaves => [ [ 'a', $off ] ],
	literal => [ [ 'a', q{SELECT 1 AS id, 'a\\\\b' AS v} ] ], who => [ [ 'a', $who ] ], who_more => [ [ 'a', $who ] ],
	other_who => [ [ 'a', $who ] ], writes => [ [ 'a', q{SELECT lo_create(0)::integer AS id, 'x' AS v} ] ], t => [ [ 't', 'SELECT * FROM public.t' ] ], p => [ [ 'p', 'SELECT * FROM public.p' ] ]);

# ---- one statement, and one meaning ----

sql("SELECT datasurface.ds_run('breaks')");
is(sql("SELECT count(*) FROM pg_class WHERE relname = 'broken'", $source), 0, 'a query cannot end its statement and begin another');
is(sql("SELECT datasurface.ds_run('leaves'); SELECT datasurface.ds_run('literal'); SELECT v FROM literal.a"), "DONE\nDONE\n" . 'a\\\\b',
	'what a query sets does not change the next one, on the same connection');
is(sql("SELECT datasurface.ds_run('who'); SELECT datasurface.ds_run('who_more'); SELECT datasurface.ds_run('other_who');
	SELECT string_agg(v, ' ') FROM (TABLE who.a UNION ALL TABLE who_more.a UNION ALL TABLE other_who.a) x (i, o, id, v)"),
	"DONE\nDONE\nDONE\nreader another reader", 'a connection serves no other credential');

# before PostgreSQL 16 a read-only transaction may write large objects
for my $pull (qw(auto staged))
{
	is(sql("SET datasurface.pull = $pull; SELECT datasurface.ds_run('writes'); SELECT error_sqlstate FROM datasurface.streams WHERE stream = 'writes'"),
		"FAILED\n25006", "a query that writes, $pull");
	is(sql('SELECT count(*) FROM pg_largeobject_metadata', $source), 0, "nothing of it is kept, $pull");
}

# ---- rights are asked at each connection ----

my $roles = "UPDATE datasurface.credential SET definition = replace(definition::text, '\"other\"', '\"nobody_else\"')::";
sql("$roles" . sql("SELECT format_type(atttypid, NULL) FROM pg_attribute WHERE attrelid = 'datasurface.credential'::regclass
	AND attname = 'definition'"));
sql("SELECT datasurface.ds_run('other_who')");
is(sql("SELECT error_sqlstate FROM datasurface.batches WHERE stream = 'other_who' ORDER BY batch DESC LIMIT 1"), '42501',
	'an owner who may not use the credential any more is refused when it connects');

# ---- a table that is loaded anew while the pull begins ----

for my $table (qw(t p))
{
	for my $pull (qw(auto staged))
	{
		sql("SELECT datasurface.ds_run('$table')");
		my ($in, $out) = ("BEGIN; TRUNCATE $table; INSERT INTO $table SELECT n, 'again ' || n FROM generate_series(1, 20) n;\n\\echo locked\n", '');
		my $load = IPC::Run::start([ 'psql', '-XAtq', '-d', $source->connstr('postgres') ], '<', \$in, '>', \$out);
		$load->pump until $out =~ /locked/;
		my $run = IPC::Run::start([ 'psql', '-XAtq', '-d', $node->connstr('postgres'), '-c', "SET datasurface.pull = $pull",
			'-c', "SELECT datasurface.ds_run('$table')" ], '>', \my $answer, '2>', \my $error);
		$source->poll_query_until('postgres', "SELECT count(*) > 0 FROM pg_locks WHERE NOT granted") or die 'nobody waits';
		$in .= "COMMIT;\n\\q\n";
		$load->finish;
		$run->finish;
		like($answer, qr/^(DONE|FAILED)$/, "$table, $pull: the pull has met it: $answer");
		is(sql("SELECT count(*) FROM $table.$table"), 20, "$table, $pull: no row is taken for gone");
		is(sql("SELECT datasurface.ds_run('$table'); SELECT count(*), min(v) FROM $table.$table"), "DONE\n20|again 1", "$table, $pull: and then its rows are there");
	}
}

# ---- text in the encoding of this database ----

make('latin', latin => [ [ 'names', q{SELECT id, v || 'ö' AS v FROM public.names WHERE v = 'Zoë'} ] ]);
is(sql("SET client_encoding = 'UTF8'; SELECT datasurface.ds_run('latin'); SELECT v = U&'Zo\\00EB\\00F6' FROM latin.names", $node, 'latin'), "DONE\nt",
	'a query with letters beyond ASCII, from a database in LATIN1');

done_testing();
