# The caller's session is the same after a call as before: settings, roles, portals, prepared statements, temporary
# objects, advisory locks, channels, snapshots, the mode of deferrable constraints, the security context. For every
# function, whether the call succeeds, fails, records a failure, is refused or is cancelled.
#
# Two things may differ, and are not compared: lastval(), since batches draw numbers from identity sequences; and the
# mode of deferrable constraints of the batch's own tables and of foreign keys that refer to them, which are IMMEDIATE
# afterwards.
use strict;
use warnings;
use PostgreSQL::Test::Cluster;
use PostgreSQL::Test::Utils;
use Test::More;
use Datasurface::Session::Facts qw(facts changes prologue transaction epilogue);

my $node = PostgreSQL::Test::Cluster->new('session');
$node->init;
$node->append_conf('postgresql.conf', "fsync = off\nautovacuum = off\n");
$node->start;

sub dataset
{
	my ($query, $milestoning) = @_;
	my $ingestion = $query ? qq({"kind": "sql_snapshot", "query": "$query"}) : '{"kind": "push"}';
	return qq({"name": "d", "description": "d", "primary_key": ["id"], "milestoning": "milestoned",
		"ingestion": $ingestion,
		"columns": [{"name": "id", "type": "integer"}, {"name": "v", "type": "integer"}]});
}

sub store
{
	my ($name, $query) = @_;
	return qq({"name": "$name", "description": "d", "owner": "session_owner", "datasets": [) . dataset($query) . ']}';
}

sub model
{
	my (%stores) = @_;
	return '$m${"stores": [' . join(', ', map { store($_, $stores{$_}) } sort keys %stores) . ']}$m$';
}

# Code of the owner's, who is trusted here: it tries to leave things behind. Not a domain in pg_temp, which some
# versions of PostgreSQL let it have.
my @left_behind = (
	"PERFORM set_config('work_mem', '77kB', false)", "PERFORM set_config('search_path', 'stolen', true)",
	"EXECUTE 'SET ROLE session_owner'", "EXECUTE 'RESET ROLE'", "EXECUTE 'SET SESSION AUTHORIZATION DEFAULT'",
	'CREATE TEMP TABLE stolen (a integer)', "EXECUTE 'LISTEN stolen'",
	"EXECUTE 'UNLISTEN *'", "EXECUTE 'DISCARD ALL'", "EXECUTE 'RESET ALL'",
		"EXECUTE 'DECLARE stolen CURSOR WITH HOLD FOR SELECT 1'");
my $tries = join ' ', map { "BEGIN $_; EXCEPTION WHEN OTHERS THEN NULL; END;" } @left_behind;

my %pulled = (
	good => 'SELECT id, v FROM app.source', twice => 'SELECT 1 AS id, v FROM app.source',
		divides => 'SELECT id, 1 / (v - v) AS v FROM app.source',
	leaves => 'SELECT id, app.leaves(v) AS v FROM app.source',
		sleeps => 'SELECT id, app.sleeps(v) AS v FROM app.source',
	cancels => 'SELECT id, app.sleeps(v) AS v FROM app.source');
my %all = (%pulled, pushed => undef, sealed => undef);

$node->safe_psql('postgres', <<~SQL);
	CREATE EXTENSION datasurface;
	CREATE ROLE session_owner LOGIN;
	GRANT CREATE, TEMP ON DATABASE postgres TO session_owner;
	GRANT USAGE ON SCHEMA datasurface TO PUBLIC;
	GRANT EXECUTE ON ALL ROUTINES IN SCHEMA datasurface TO PUBLIC;
	SET ROLE session_owner;
	CREATE SCHEMA app;
	CREATE SEQUENCE app.own;
	CREATE TABLE app.source AS SELECT i AS id, i AS v FROM generate_series(1, 5) AS i;
	CREATE TABLE app.parent (a integer PRIMARY KEY);
	CREATE TABLE app.child (a integer, CONSTRAINT child_refers FOREIGN KEY (a) REFERENCES app.parent DEFERRABLE);
	CREATE FUNCTION app.leaves(a integer) RETURNS integer LANGUAGE plpgsql AS \$\$ BEGIN $tries RETURN a; END \$\$;
	CREATE FUNCTION app.sleeps(a integer) RETURNS integer LANGUAGE sql VOLATILE AS 'SELECT a FROM pg_sleep(30)';
	RESET ROLE;
	SELECT datasurface.ds_load_model(${\ model(%all) });
	SELECT datasurface.ds_reconcile_schema();
	SQL

# Cancels the call from another session, as soon as it sleeps.
# one line, for psql takes a command of the shell to the end of its line
my $cancel = q{\! (for i in $(seq 60); do psql -qAtXc "SELECT pg_cancel_backend(pid) FROM pg_stat_activity }
	. q{WHERE pid = $CALLER AND wait_event = 'PgSleep'" postgres }
	. q{| grep -q t && break; sleep 0.1; done) > /dev/null 2>&1 &} . "\n";

# Each: a title, the call, the state that it ends with, what makes it ready, and what its session does first.
my @calls = (
	[ 'ds_validate_model', "SELECT count(*) FROM datasurface.ds_validate_model(${\ model(good =>
		'SELECT 1 AS id, 1 AS v') })", '00000' ],
	[ 'ds_validate_model with problems', q{SELECT count(*) FROM datasurface.ds_validate_model('{"stores": 1}')},
		'00000' ],
	[ 'ds_load_model', "SELECT version FROM datasurface.ds_load_model(${\ model(%all) })", '00000' ],
	[ 'ds_load_model with problems', q{SELECT version FROM datasurface.ds_load_model('{}')}, 'SF001' ],
	[ 'ds_reconcile_schema with nothing to do', 'SELECT count(*) FROM datasurface.ds_reconcile_schema()', '00000' ],
	[ 'ds_reconcile_schema', "SELECT string_agg(action, ' ') FROM datasurface.ds_reconcile_schema('good')", '00000',
		'ALTER TABLE good.d SET (fillfactor = 50); DROP FUNCTION IF EXISTS good.d_as_of(integer);' ],
	[ 'ds_reconcile_schema of no store', "SELECT count(*) FROM datasurface.ds_reconcile_schema('nobody')", 'error' ],
	[ 'ds_run', "SELECT datasurface.ds_run('good')", '00000' ],
	[ 'ds_run by the sql engine', "SELECT datasurface.ds_run('good')", '00000', 'UPDATE app.source SET v = v + 1;',
		"SET datasurface.merge_engine = sql;" ],
	[ 'ds_run with a budget', "SELECT datasurface.ds_run('good', 'a run', '0')", '00000' ],
	[ 'ds_run that records a failed merge', "SELECT datasurface.ds_run('twice')", '00000' ],
	[ 'ds_run that records a failed pull', "SELECT datasurface.ds_run('divides')", '00000' ],
	[ 'ds_run of no stream', "SELECT datasurface.ds_run('nobody')", 'SF010' ],
	[ 'ds_run of code that leaves things behind', "SELECT datasurface.ds_run('leaves')", 'either' ],
	[ 'ds_run that is cancelled by a timeout', "SELECT datasurface.ds_run('sleeps')", 'cancelled', '',
		"SET statement_timeout = '200ms';" ],
	[ 'ds_run that is cancelled', "SELECT datasurface.ds_run('cancels')", 'cancelled', '', $cancel ],
	[ 'ds_require', "SELECT datasurface.ds_require('good')", '00000', "SELECT datasurface.ds_run('good');" ],
	[ 'ds_require of a failed batch', "SELECT datasurface.ds_require('twice')", 'error',
		"SELECT datasurface.ds_run('twice');" ],
	[ 'ds_start_batch', "SELECT datasurface.ds_start_batch('good')", '00000', "SELECT datasurface.ds_run('good');" ],
	[ 'ds_start_batch of an open batch', "SELECT datasurface.ds_start_batch('sealed')", 'SF013',
		"SELECT look.open('sealed');" ],
	[ 'ds_ingest', "SELECT datasurface.ds_ingest('pushed', look.open('pushed'), 1)", '00000',
		"SELECT look.open('pushed'); INSERT INTO pushed.d_staging (id, v) VALUES (1, 1);" ],
	[ 'ds_ingest of another number', "SELECT datasurface.ds_ingest('pushed', look.open('pushed'), 7)", 'SF015',
		"SELECT look.open('pushed');" ],
	[ 'ds_merge_staging', "SELECT count(*) FROM datasurface.ds_merge_staging('sealed', look.open('sealed'))", '00000',
		"INSERT INTO sealed.d_staging (id, v) VALUES (1, 1); SELECT datasurface.ds_ingest('sealed', "
			. "look.open('sealed'));" ],
	[ 'ds_merge_staging of a batch that is not sealed',
		"SELECT count(*) FROM datasurface.ds_merge_staging('pushed', look.open('pushed'))", 'SF013' ],
	[ 'ds_reset_batch', "SELECT datasurface.ds_reset_batch('pushed', look.open('pushed'))", '00000',
		"INSERT INTO pushed.d_staging (id, v) VALUES (1, 1);" ],
	[ 'ds_reset_batch of no batch', "SELECT datasurface.ds_reset_batch('pushed', 99999)", 'error' ],
	[ 'ds_fail_batch', "SELECT datasurface.ds_fail_batch('pushed', look.open('pushed'), 'a reason')", '00000' ],
	[ 'ds_fail_batch without a reason', "SELECT datasurface.ds_fail_batch('pushed', look.open('pushed'), '')",
		'22023' ],
	[ 'ds_batch_at', "SELECT datasurface.ds_batch_at('good', '2000-01-01')", '00000' ],
	[ 'ds_batch_at of no stream', "SELECT datasurface.ds_batch_at('nobody', now())", 'SF010' ],
	[ 'ds_merge_progress', 'SELECT count(*) FROM datasurface.ds_merge_progress()', '00000' ],
	[ 'ds_run_to_end', "CALL datasurface.ds_run_to_end('good')", '00000' ],
	[ 'ds_run_to_end that fails', "CALL datasurface.ds_run_to_end('twice')", 'error' ],
	[ 'ds_run_to_end that is cancelled', "CALL datasurface.ds_run_to_end('cancels')", 'cancelled', '', $cancel ],
	[ 'ds_run_to_end of code that leaves things behind', "CALL datasurface.ds_run_to_end('leaves')", 'either' ],
);

$node->safe_psql('postgres', <<~SQL);
	CREATE SCHEMA look;
	GRANT USAGE ON SCHEMA look TO PUBLIC;
	CREATE FUNCTION look.open(stream text) RETURNS integer LANGUAGE plpgsql SECURITY DEFINER AS \$\$
	BEGIN
		RETURN coalesce((SELECT open_batch FROM datasurface.streams s WHERE s.stream = \$1),
			datasurface.ds_start_batch(\$1));
	END \$\$;
	SQL

my %sessions = (
	'a superuser who trusts the owner' => [ 'postgres', "SET datasurface.trusted_owners = 'session_owner';" ],
	'a superuser in the role of the owner' => [ 'postgres',
		"SET datasurface.trusted_owners = 'session_owner'; SET ROLE session_owner;" ],
	'a superuser' => [ 'postgres', '' ],
	'the owner' => [ 'session_owner', '' ]);

sub expected
{
	my ($wanted, $state, $who) = @_;
	return 1 if $state eq '42501' && $who eq 'a superuser';
	return $state ne '00000' if $wanted eq 'error';
	return $state eq '57014' if $wanted eq 'cancelled';
	return $wanted eq 'either' || $state eq $wanted;
}

sub call_in
{
	my ($who, $title, $call, $wanted, $ready, $first) = @_;
	my ($login, $become) = @{ $sessions{$who} };
	my $procedure = $call =~ /^CALL/;
	my $begin = $procedure ? '' : transaction();
	my $undo = $procedure ? '' : "\\if :failed\nROLLBACK TO s;\n\\endif\n";
	my $end = $procedure ? '' : epilogue();
	my ($out, $err);
	$node->safe_psql('postgres', join(' ', map { "SELECT datasurface.ds_reset_batch('$_', look.open('$_'));" } 'pushed',
		'sealed') . ($ready // ''));
	my $caller = "SELECT pg_backend_pid() AS pid \\gset\n\\setenv CALLER :pid\n";
	$node->psql('postgres', "\\connect - $login\n$caller" . prologue(($first // '') . $become) . facts('outside_before')
		. $begin . facts('before')
		. "$call;\n\\set failed :ERROR\n\\echo \@state :SQLSTATE\n\\echo \@message :LAST_ERROR_MESSAGE\n$undo"
			. facts('after') . $end . facts('outside_after')
		. "SELECT '\@unlocked ' || pg_catalog.pg_advisory_unlock(11) || pg_catalog.pg_advisory_unlock(11);\nSELECT "
			. "'\@held ' || pg_catalog.count(*) FROM pg_catalog.pg_locks WHERE pid = pg_catalog.pg_backend_pid()
			AND locktype NOT IN ('virtualxid', 'relation', 'advisory');\n"
		. q{\! psql -qAtXc "SELECT '@snapshot ' || coalesce(backend_xmin::text, 'none') }
		. q{FROM pg_stat_activity WHERE pid = $CALLER" postgres} . "\n",
		stdout => \$out, stderr => \$err, on_error_stop => 0, timeout => 60);
	return ($out, $err, $procedure);
}

for my $who (sort keys %sessions)
{
	for my $call (@calls)
	{
		my $title = "$call->[0], by $who";
		my ($out, $err, $procedure) = call_in($who, @$call);
		my ($state) = $out =~ /^\@state (\S*)/m;
		my ($message) = $out =~ /^\@message (.*)/m;
		ok(expected($call->[2], $state, $who), "$title: ends as it should") or diag "$state $message\n$err";
		is(changes($out, 'before', 'after'), '', "$title: the session is the same");
		is(changes($out, 'outside_before', 'outside_after'), '', "$title: and after its transaction") or diag $err;
		like($out, qr/^\@unlocked truefalse$/m, "$title: a lock is held as often as it was taken");
		like($out, qr/^\@held 0$/m, "$title: nothing else is locked");
		like($out, qr/^\@snapshot none$/m, "$title: no snapshot is kept");
		next if $procedure;
		like($out, qr/^\@fetched\nmine 2\nmine 3\n\@$/m, "$title: its cursor goes on");
		like($out, qr/^\@deferred 00000\n(?:.*\n)*?\@checked 00000$/m,
			"$title: constraints of other tables are as deferred as they were") or diag $err;
		like($out, qr/^\@restricted 00000$/m, "$title: no restriction is left");
	}
}

$node->stop;
done_testing();
