# Two versions of the library in one session: each serves its own functions, settings are shared, the guards of both hold. A
# library says so when the extension is of another version.
use strict;
use warnings;

use PostgreSQL::Test::Cluster;
use PostgreSQL::Test::Utils;
use Test::More;
use Datasurface::Differential::Session;
use Datasurface::Previous qw(start_node);

my $node = start_node('versions');
my ($version, $library) = split /\|/, $node->safe_psql('postgres', <<~'SQL');
	CREATE EXTENSION datasurface;
	SELECT extversion, (SELECT probin FROM pg_proc WHERE proname = 'ds_run') FROM pg_extension WHERE extname = 'datasurface'
	SQL

# A store of the owner's, pulled with a function of the owner's, which may not run for a superuser.
my $prepare = <<~'SQL';
	CREATE EXTENSION datasurface VERSION '0.1.0';
	CREATE SCHEMA app AUTHORIZATION keeper;
	CREATE FUNCTION app.caught(statement text) RETURNS text LANGUAGE plpgsql AS $$
	DECLARE
		hint text;
	BEGIN
		EXECUTE statement;
		RETURN 'no error';
	EXCEPTION WHEN OTHERS THEN
		GET STACKED DIAGNOSTICS hint = PG_EXCEPTION_HINT;
		RETURN concat_ws(' ', SQLSTATE, SQLERRM, hint);
	END $$;
	SET ROLE keeper;
	CREATE FUNCTION app.own(a integer) RETURNS integer LANGUAGE plpgsql AS 'BEGIN RETURN a; END';
	CREATE TABLE app.source AS SELECT 1 AS id;
	RESET ROLE;
	SELECT datasurface.ds_load_model(
		'{"stores": [{"name": "plain", "description": "d", "owner": "keeper", "datasets": [{"name": "d", "description": "d", "primary_key": ["id"],
			"columns": [{"name": "id", "type": "integer"}], "ingestion": {"kind": "sql_snapshot", "query": "SELECT id FROM app.source"}}]},
		{"name": "guarded", "description": "d", "owner": "keeper", "datasets": [{"name": "d", "description": "d", "primary_key": ["id"],
			"columns": [{"name": "id", "type": "integer"}], "ingestion": {"kind": "sql_snapshot", "query": "SELECT app.own(id) AS id FROM app.source"}}]}]}');
	SELECT datasurface.ds_reconcile_schema();
	SQL
$node->safe_psql('postgres', 'CREATE ROLE keeper; CREATE DATABASE template');
$node->safe_psql('template', "GRANT CREATE ON DATABASE template TO keeper; $prepare");

# A database with 0.1.0, and a session there.
sub home
{
	my ($name) = @_;
	$node->safe_psql('postgres', "CREATE DATABASE $name TEMPLATE template");
	return Datasurface::Differential::Session->connect_to($node, $name);
}

# The libraries that the session has loaded.
sub loaded
{
	my ($session) = @_;
	return scalar $session->run(<<~'SQL');
		SELECT coalesce(string_agg(DISTINCT m[1], ' ' ORDER BY m[1]), 'none')
		FROM regexp_matches(pg_read_file('/proc/self/maps'), '/(datasurface[^/]*)\.so', 'g') m
		SQL
}

# SQLSTATE, message and hint of a statement's error, which ends a subtransaction only.
sub caught
{
	my ($session, $sql) = @_;
	return scalar $session->run("SELECT app.caught(\$sql\$$sql\$sql\$)");
}

# What both must do, whichever is called. There may be a transaction around it.
sub works
{
	my ($session, $title) = @_;
	is($session->run("SELECT datasurface.ds_run('plain')"), 'DONE', "$title: a batch runs");
	like(caught($session, "SELECT datasurface.ds_run('guarded')"), qr/42501 function app\.own/, "$title: the guard refuses code of the owner's");
	is($session->run("SET datasurface.trusted_owners = keeper; SELECT datasurface.ds_run('guarded'); RESET datasurface.trusted_owners"), 'DONE',
		"$title: but of an owner who is trusted");
	is($session->run("SET datasurface.merge_engine = 'sql'; SELECT datasurface.ds_run('plain', gen_random_uuid()::text); RESET datasurface.merge_engine;
		SELECT engine FROM datasurface.batch_datasets WHERE stream = 'plain' ORDER BY batch DESC LIMIT 1"), "DONE\nsql", "$title: settings are obeyed");
	like(caught($session, 'SET datasurface.merge_workers = 99'), qr/^22023/, "$title: their limits hold");
	like(caught($session, 'SET datasurface.nothing = 1'), qr/^42602/, "$title: no other name is taken");
}

# ---- the session that updates ------------------------------------------------------------------------------------------

my $one = home('one');
$one->run("SET datasurface.merge_workers = 3; SET datasurface.trusted_owners = ''");
works($one, '0.1.0');
is(loaded($one), 'datasurface', 'with its own library');
my $other = Datasurface::Differential::Session->connect_to($node, 'one');
$other->run("PREPARE run AS SELECT datasurface.ds_run('plain')");
is($other->run('EXECUTE run'), 'DONE', 'another session has a statement prepared');
$one->run('BEGIN; ALTER EXTENSION datasurface UPDATE');
works($one, 'updated, not committed');
$one->run('ROLLBACK');
works($one, 'updated and rolled back');
is($other->run('EXECUTE run'), 'DONE', 'which goes on with 0.1.0');
$one->run('ALTER EXTENSION datasurface UPDATE');
works($one, 'updated');
is(loaded($one), "datasurface $library", 'both libraries are loaded');
is($one->run('SHOW datasurface.merge_workers'), '3', 'a value that was set before is kept');
is($one->run("SELECT count(*), count(DISTINCT name) FROM pg_settings WHERE name LIKE 'datasurface.%'"),
	$node->safe_psql('postgres', "SELECT FROM datasurface.ds_merge_progress(); SELECT count(*), count(DISTINCT name) FROM pg_settings WHERE name LIKE 'datasurface.%'"),
	'each setting is there once');
is($other->run('EXECUTE run'), 'DONE', 'the prepared statement goes on with the new library');
works($other, 'another session, updated');
is(loaded($other), "datasurface $library", 'which has both libraries too');

# ---- versions that do not fit ------------------------------------------------------------------------------------------

my $two = home('two');
$two->run("CREATE FUNCTION app.ds_run(stream text, run_id text, budget interval) RETURNS text LANGUAGE C AS '$library', 'ds_run';
	CREATE FUNCTION app.progress(OUT pid integer, OUT datid oid, OUT relid oid, OUT batch integer, OUT phase text, OUT a bigint, OUT b bigint,
		OUT c bigint, OUT d bigint, OUT e bigint, OUT f bigint, OUT g bigint, OUT workers integer)
	RETURNS SETOF record LANGUAGE C AS '$library', 'ds_merge_progress'");
my $unfit = qr/^SF030 .* is of version 0\.1\.0, and the library that was called is of version \Q$version\E ALTER EXTENSION datasurface UPDATE/;
like(caught($two, "SELECT app.ds_run('plain', NULL, NULL)"), $unfit, 'this library does not serve 0.1.0');
like(caught($two, 'SELECT * FROM app.progress()'), $unfit, 'nor tells what merges are doing');
# 0.1.0 cannot take over what is there: it was released so
like(caught($two, "SELECT datasurface.ds_run('plain')"), qr/attempt to redefine parameter/, 'the library of 0.1.0 cannot be loaded after this one');
$two->run('ALTER EXTENSION datasurface UPDATE');
works($two, 'updated after that');
is($two->run("SELECT app.ds_run('plain', NULL, NULL)"), 'DONE', 'and now the versions fit');
foreach my $other ([ '.77', qr/^no error/ ], [ '.77.1', qr/^no error/ ], [ '', qr/^no error/ ], [ '1.0', qr/^SF030/ ], [ '-dev', qr/^SF030/ ])
{
	my $installed = $version =~ s/\.\d+$/$other->[0]/r;
	$two->run("BEGIN; UPDATE pg_extension SET extversion = '$installed' WHERE extname = 'datasurface'");
	like(caught($two, "SELECT datasurface.ds_run('plain')"), $other->[1], "a library of $version beside an extension of $installed");
	$two->run('ROLLBACK');
}

done_testing();
