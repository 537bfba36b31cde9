# Rows of another server, by TCP and a password: who is let in, what a lost or silent source does to a batch, and that no password
# is in any log, message or view.
use strict;
use warnings;

use Datasurface::Source qw(start_source write_secret);
use Datasurface::StopPoints qw(start_node);
use IO::Socket::INET;
use JSON::PP;
use PostgreSQL::Test::Cluster;
use PostgreSQL::Test::Utils;
use Test::More;
use Time::HiRes qw(usleep);

my $password = 'sesame-4711-opens';
my $source = start_source('source', crm_reader => 'scram-sha-256', crm_trusted => 'trust');
my $secrets = PostgreSQL::Test::Utils::tempdir();
my $node = start_node('node', settings => "datasurface.secrets_directory = '$secrets'\nlog_min_messages = debug1");

sub sql { my ($sql, $where) = @_; return ($where // $node)->safe_psql('postgres', $sql); }

# error_of($sql): SQLSTATE and message
sub error_of
{
	my ($sql) = @_;
	$node->psql('postgres', "\\set VERBOSITY verbose\n$sql", stderr => \my $error);
	return $error =~ /ERROR:  (.*)/ ? $1 : $error;
}

# details_of($store): detail and hint of the error of its batch
sub details_of
{
	my ($store) = @_;
	return sql("SELECT error_detail, error_hint FROM datasurface.batches WHERE stream = '$store' AND state = 'failed'");
}

# run($store): the outcome of a run, and the error of its batch
sub run
{
	my ($store) = @_;
	return sql("SELECT datasurface.ds_run('$store'); SELECT error_sqlstate || ' ' || error_message FROM datasurface.streams"
			. " WHERE stream = '$store' AND error_sqlstate IS NOT NULL");
}

write_secret($secrets, 'crm', username => "crm_reader\n", password => "$password\n");
write_secret($secrets, 'trusted', username => 'crm_trusted', password => $password);

sql("CREATE ROLE crm_reader LOGIN PASSWORD '$password'; CREATE ROLE crm_trusted LOGIN;
	CREATE TABLE customers (cust_no bigint PRIMARY KEY, name varchar(40), region text, since date, limits numeric(9,2)[]);
	INSERT INTO customers SELECT g, 'customer ' || g, CASE g % 2 WHEN 0 THEN 'EU' ELSE 'US' END, date '2020-01-01' + g,
		ARRAY[g, g / 3.0] FROM generate_series(1, 1000) g;
	CREATE TABLE hidden (id int);
	CREATE TABLE marks (id int, note text, changed timestamptz, local timestamp);
	INSERT INTO marks (id, note) SELECT g, repeat('x', 1000) FROM generate_series(1, 10000) g;
	GRANT SELECT ON customers, marks TO crm_reader, crm_trusted", $source);
sql('CREATE ROLE crm_owner LOGIN; GRANT CREATE ON DATABASE postgres TO crm_owner; CREATE EXTENSION datasurface;
	GRANT ALL ON ALL FUNCTIONS IN SCHEMA datasurface TO crm_owner; GRANT USAGE ON SCHEMA datasurface TO crm_owner');

# ---- the model ----

my %place = (host => '127.0.0.1', port => $source->port, database => 'postgres');
my $silent = IO::Socket::INET->new(Listen => 5, LocalAddr => '127.0.0.1', Proto => 'tcp') or die "no socket: $!";
my %silent = (%place, port => $silent->sockport);

sub credential { my ($name, $directory) = @_; return { name => $name, description => 'd', kind => 'files', directory => $directory,
		roles => ['crm_owner'], sources => [ \%place, \%silent ] }; }

sub source { my ($name, %more) = @_; return { name => $name, description => 'd', kind => 'postgresql', owner => 'crm_owner',
		%place, options => { sslmode => 'disable' }, credential => 'crm', %more }; }

sub store
{
	my ($name, $source, $ingestion, @columns) = @_;
	@columns = ({ name => 'id', type => 'integer' }) unless @columns;
	return { name => $name, description => 'd', owner => 'crm_owner', source => $source, datasets => [ { name => 'rows',
		description => 'd', columns => \@columns, primary_key => ['id'],
		ingestion => { kind => 'sql_snapshot', %$ingestion } } ] };
}

sub marked { my (%mark) = @_; return { kind => 'sql_watermark', from => 'public.marks', watermark => { full_every => '7d', %mark } }; }

my $who = { query => 'SELECT 1 AS id, pg_catalog.pg_backend_pid() AS pid' };
my @who = ({ name => 'id', type => 'integer' }, { name => 'pid', type => 'integer' });
my %model = (
	credentials => [ credential('crm', 'crm'), credential('trusted', 'trusted'), credential('none', 'none') ],
	sources => [ source('crm_db'), source('one_db', connections => 1), source('trusted_db', credential => 'trusted'),
		source('none_db', credential => 'none'), source('silent_db', %silent), source('slow_db', statement_timeout => '300ms') ],
	stores => [
		store('crm', 'crm_db', { from => 'public.customers', filter => "region = 'EU'" },
			{ name => 'id', type => 'bigint', from => 'cust_no' }, { name => 'name', type => 'text' },
			{ name => 'since', type => 'date' }, { name => 'limits', type => 'numeric(9,2)[]' }),
		store('who', 'one_db', $who, @who),
		store('other', 'one_db', $who, @who),
		store('trusted', 'trusted_db', $who, @who),
		store('none', 'none_db', $who, @who),
		store('silent', 'silent_db', $who, @who),
		store('sleepy', 'crm_db', { query => 'SELECT 1 AS id FROM pg_catalog.pg_sleep(60)' }),
		store('slow', 'slow_db', { query => 'SELECT 1 AS id FROM pg_catalog.pg_sleep(60)' }),
		store('closed', 'crm_db', { from => 'public.hidden' }),
		store('gone', 'crm_db', { from => 'public.gone' }),
		store('cut', 'crm_db', { query => 'SELECT g AS id FROM pg_catalog.generate_series(1, 100000) g'
				. ' WHERE g < 50000 OR pg_catalog.pg_terminate_backend(pg_catalog.pg_backend_pid())' }),
		store('idle', 'crm_db', { query => "SELECT 1 AS id, pg_catalog.current_setting('idle_in_transaction_session_timeout') AS most" },
			{ name => 'id', type => 'integer' }, { name => 'most', type => 'text' }),
		store('large', 'crm_db', { query => 'SELECT g AS id, g * 1000000000 AS amount FROM pg_catalog.generate_series(1::bigint, 5) g' },
			{ name => 'id', type => 'bigint' }, { name => 'amount', type => 'integer' }),
		store('marked', 'crm_db', marked(column => 'changed', type => 'timestamptz', overlap => '1min')),
		store('stamped', 'crm_db', marked(column => 'changed', type => 'timestamptz', stamped_by => 'transaction')),
		store('mistyped', 'crm_db', marked(column => 'local', type => 'timestamptz', overlap => '1min')),
		store('unmarked', 'crm_db', marked(column => 'nosuch', type => 'bigint', overlap => 1)),
		store('odd', 'crm_db', { query => "SELECT 'x' || 1 AS id" }),
	],
	workspaces => []);
sql('SET client_min_messages = error; SELECT datasurface.ds_load_model($model$' . encode_json(\%model)
		. '$model$); SELECT count(*) FROM datasurface.ds_reconcile_schema()');

# ---- what goes well ----

is(run('crm'), 'DONE', 'a pull over TCP with a password');
is(sql('SELECT count(*), sum(id), min(name), max(since), max(limits) FROM crm.rows'),
	sql("SELECT count(*), sum(cust_no), min(name), max(since), max(limits) FROM customers WHERE region = 'EU'", $source),
	'the rows are those of the source');
sql("UPDATE customers SET name = 'new' WHERE cust_no = 2; DELETE FROM customers WHERE cust_no = 4", $source);
is(run('crm'), 'DONE', 'the next pull');
is(sql("SELECT staged, inserted, updated, deleted FROM datasurface.batch_datasets WHERE stream = 'crm' AND batch = 2"),
	'499|0|1|1', 'what has changed there changes here');
is(sql("SELECT string_agg(way || coalesce(': ' || way_reason, ''), ', ' ORDER BY batch) FROM datasurface.batch_datasets WHERE stream = 'crm'"),
	'straight, straight', 'a first load from a source and the pulls after it stage nothing');

# ---- a source that goes backwards ----

is(sql("SELECT source_system, source_timeline, source_lsn <= '" . $source->lsn('flush') . "' FROM datasurface.streams WHERE stream = 'crm'"),
	sql('SELECT system_identifier FROM pg_control_system()', $source) . '|1|t', 'the snapshot of the last check is kept');
my $held = "SELECT held_because FROM datasurface.batches WHERE stream = 'crm' AND state = 'held'";
sql("UPDATE datasurface.stream SET source_lsn = 'FFFF/0' WHERE name = 'crm'; SELECT datasurface.ds_run('crm')");
like(sql($held), qr/^source "crm_db" is at an earlier position in the WAL than at batch 2 \([0-9A-F]+\/[0-9A-F]+, was FFFF\/0\)$/, 'a source that is older than before holds the batch');
is(sql("SELECT kind, rule FROM datasurface.batch_findings WHERE stream = 'crm'"), 'source|earlier position', 'the rule that it breaks');
is(sql("SELECT DISTINCT way_reason FROM datasurface.batch_datasets WHERE stream = 'crm' AND state = 'held'"),
	'The source is at an earlier state than it was.', 'its rows were staged at once');
my $decide = qr/elease it if the server was moved or restored on purpose; discard it otherwise/;
like(sql("SELECT help FROM datasurface.alarms WHERE kind = 'held'"), $decide, 'the alarm says how to decide');
$node->psql('postgres', "SELECT datasurface.ds_require('crm')", stderr => \my $held_still);
like($held_still, $decide, 'so does the HINT of who requires it');
is(sql("SELECT datasurface.ds_release_batch('crm', batch, 'it was restored') FROM datasurface.batches WHERE stream = 'crm' AND state = 'held'"),
	'DONE', 'a release publishes it');
is(run('crm'), 'DONE', 'from then on the source may go forwards from there');
sql("UPDATE datasurface.stream SET source_system = '1' WHERE name = 'crm'; SELECT datasurface.ds_run('crm')");
like(sql($held), qr/^source "crm_db" is another server than at .* \(system identifier \d+, was 1\)$/, 'another server holds the batch');
sql("SELECT datasurface.ds_release_batch('crm', batch, 'it was moved') FROM datasurface.batches WHERE stream = 'crm' AND state = 'held'");

# ---- who is let in ----

write_secret($secrets, 'crm', password => "wrong-$password");
like(run('crm'), qr/^FAILED\n08001 source "crm_db": .*password authentication failed/s, 'a wrong password');
write_secret($secrets, 'crm', password => $password);
is(run('crm'), 'DONE', 'a password that was rotated serves');
chmod 0644, "$secrets/crm/password";
like(run('crm'), qr/^FAILED\nF0000 the secret file "crm\/password"/, 'a file that others can read');
chmod 0600, "$secrets/crm/password";
like(run('none'), qr/^FAILED\nF0000 the secret file "none\/username"/, 'a file that is missing');
like(run('trusted'), qr/^FAILED\n2F003 source "trusted_db": it did not ask/, 'trust does not let in who is no superuser');
like(run('closed'), qr/^FAILED\n42501 source "crm_db": permission denied/, 'a table that the user may not read');
like(details_of('closed'), qr/^User "crm_reader" of the source lacks the right\.\n.*\|Grant it at the source/s, 'who may not read it');
like(run('gone'), qr/^FAILED\n42P01 source "crm_db": relation "public.gone" does not exist/, 'a table that is missing');
like(run('odd'), qr/^FAILED\n42804 /, 'a column of a type that does not fit');
like(run('slow'), qr/^FAILED\n57014 source "slow_db": canceling statement due to statement timeout/,
	'the statement_timeout of the model fails the batch');

# ---- values, and a source that is lost half-way ----

is(run('large'), "FAILED\n22003 integer out of range", 'a value that is too large');
is(details_of('large'), 'Column "amount" of dataset "rows", row 3 that the source sent.'
		. '|Correct it at the source, cast it in a query, or give the column another type in the model.', 'where it is');
my $place = 'database "postgres" of server "127.0.0.1", port ' . $source->port;
my $lost = qr/^FAILED\n08006 source "crm_db": the connection to $place is lost: terminating connection due to administrator command$/;
my $staged = "SELECT pulls_to_stage FROM datasurface.stream WHERE name = 'cut'";
like(run('cut'), $lost, 'a connection that is lost after the first rows');
is(sql($staged), '8', 'the next pulls are staged, which keeps the source waiting for a shorter time');
like(run('cut'), $lost, 'a pull that is staged is lost too');
sql('ALTER ROLE crm_reader SET idle_in_transaction_session_timeout = 1000', $source);
is(run('idle'), 'DONE', 'a session at the source');
is(sql('SELECT most FROM idle.rows'), '0', 'may wait in its transaction as long as a merge takes here');

# ---- a cancel ends a wait ----

# until_cancelled($store): milliseconds from a cancel to the end of a run that waits
sub until_cancelled
{
	my ($store) = @_;
	my $session = IPC::Run::start([ 'psql', '-XAtq', '-d', $node->connstr('postgres') . " application_name=$store",
			'-c', "SELECT datasurface.ds_run('$store')" ], '>', \my $out, '2>', \my $error);
	my $took = sql(<<~SQL);
		DO \$\$
		DECLARE
			began timestamptz;
			waiting int;
		BEGIN
			FOR i IN 1 .. 1000 LOOP
				PERFORM pg_stat_clear_snapshot();
				SELECT pid INTO waiting FROM pg_stat_activity
				WHERE application_name = '$store' AND state = 'active' AND wait_event = 'Extension';
				EXIT WHEN FOUND;
				PERFORM pg_sleep(0.01);
			END LOOP;
			PERFORM pg_sleep(0.2);
			began := clock_timestamp();
			PERFORM pg_cancel_backend(waiting);
			FOR i IN 1 .. 1000 LOOP
				PERFORM pg_stat_clear_snapshot();
				EXIT WHEN NOT EXISTS (SELECT FROM pg_stat_activity WHERE pid = waiting AND state = 'active');
				PERFORM pg_sleep(0.002);
			END LOOP;
			PERFORM set_config('test.took', (extract(epoch FROM clock_timestamp() - began) * 1000)::int::text, false);
		END \$\$;
		SELECT current_setting('test.took');
		SQL
	$session->finish;
	like($error, qr/canceling statement due to user request/, "$store was cancelled");
	return $took;
}

# on an idle machine within 100 ms; what is tested is that nobody waits for the source
cmp_ok(until_cancelled('silent'), '<', 5000, 'a cancel ends the wait for a connection');
cmp_ok(until_cancelled('sleepy'), '<', 5000, 'a cancel ends the wait for a query');
ok($source->poll_query_until('postgres', "SELECT count(*) = 0 FROM pg_stat_activity WHERE application_name = 'datasurface: sleepy'"),
	'the query at the source ends too');

# ---- the idle connection, and how many there are ----

my $pid = 'SELECT pid FROM who.rows;';
my $run = "SELECT datasurface.ds_run('who');";
my $terminate = '\! psql -XAtq -d "' . $source->connstr('postgres')
	. q{" -c "SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity WHERE application_name = 'datasurface: who'" > /dev/null};
my @pids = split /\n/, sql("$run $pid $run $pid\n$terminate\n$run $pid") =~ s/DONE\n//gr;
is($pids[0], $pids[1], 'the connection is kept from call to call');
isnt($pids[1], $pids[2], 'one that has ended is replaced');
my $another = '\! psql -XAtq -d "' . $node->connstr('postgres') . q{" -c "SELECT datasurface.ds_run('other')" 2>&1};
like(sql("BEGIN; $run\n$another\nCOMMIT;"), qr/source "one_db" is busy: its connection is in use/, 'all connections in use');
is(run('other'), 'DONE', 'a connection is free again when the transaction has ended');

# ---- ds_test_source ----

is(sql("SELECT count(*) FROM datasurface.ds_test_source('one_db') WHERE NOT ok"), '0', 'ds_test_source: all is well');
like(sql("SELECT detail FROM datasurface.ds_test_source('one_db') WHERE \"check\" LIKE 'server%'"),
	qr/^PostgreSQL [\d.]+.*, answers in [\d.]+ ms$/m, 'its version and how fast it answers');
like(sql("SELECT detail FROM datasurface.ds_test_source('crm_db') WHERE \"check\" = 'dataset gone.rows'"),
	qr/relation "public.gone" does not exist/, 'a table that is missing');
like(sql("SELECT detail FROM datasurface.ds_test_source('crm_db') WHERE \"check\" = 'dataset closed.rows'"),
	qr/permission denied for table hidden/, 'a table that cannot be read');
like(sql("SELECT hint FROM datasurface.ds_test_source('crm_db') WHERE \"check\" = 'dataset closed.rows'"), qr/^Grant it at the source/,
	'the hint that a batch has');
like(sql("SELECT detail FROM datasurface.ds_test_source('none_db')"), qr/the secret file/, 'a file that is missing');

# watermark_of($store): what is said of it
sub watermark_of
{
	my ($store) = @_;
	return sql("SELECT ok, detail, hint FROM datasurface.ds_test_source('crm_db') WHERE \"check\" = 'watermark of $store.rows'");
}

like(watermark_of('marked'), qr/^t\|column "changed" serves as timestamptz; each window reads all \d{4} pages of public.marks.*\|At the source: CREATE INDEX/,
	'a mark without an index');
sql('CREATE INDEX ON marks (changed)', $source);
is(watermark_of('marked'), 't|column "changed" serves as timestamptz|', 'a mark with one');
like(watermark_of('mistyped'), qr/^f\|column "local" has another type than timestamptz\|Name the type/, 'a column of another type');
is(watermark_of('unmarked'), '', 'a column that is missing is an error of the dataset');
like(sql("SELECT detail FROM datasurface.ds_test_source('crm_db') WHERE \"check\" = 'dataset unmarked.rows'"), qr/column "nosuch" does not exist/,
	'it is named');
system('psql -XAtq -d "' . $source->connstr('postgres') . '" -c "SELECT pg_sleep(600)" >/dev/null 2>&1 &');
my $sleeper = q{FROM pg_stat_activity WHERE query = 'SELECT pg_sleep(600)'};
$source->poll_query_until('postgres', "SELECT count(*) = 1 $sleeper") or die 'no session sleeps';
like(watermark_of('stamped'), qr/^f\|the role cannot see since when .*, so the mark would stay.*\|At the source: GRANT pg_read_all_stats/,
	'sessions that the role cannot see');
sql('GRANT pg_read_all_stats TO crm_reader', $source);
is(watermark_of('stamped'), 't|column "changed" serves as timestamptz|', 'sessions that it can see');
sql("REVOKE pg_read_all_stats FROM crm_reader; SELECT pg_terminate_backend(pid) $sleeper", $source);

# ---- a source that is down ----

$source->stop('immediate');
like(run('crm'), qr/^FAILED\n08001 source "crm_db": no connection to $place: Connection refused$/, 'a source that is down');
like(details_of('crm'), qr/\|SELECT \* FROM datasurface\.ds_test_source\('crm_db'\); tells what works\.$/, 'and what tells more');
my $views = sql('SELECT * FROM datasurface.batches; SELECT * FROM datasurface.streams; SELECT query FROM pg_stat_activity');
$node->stop;
for my $server ($node, $source)
{
	unlike(slurp_file($server->logfile) =~ s/^.*CREATE ROLE crm_reader.*$//mr, qr/\Q$password\E/,
		'no password in the log of ' . $server->name);
}
unlike($views, qr/\Q$password\E/, 'no password in a view');

done_testing();
