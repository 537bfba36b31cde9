# Rows of a MariaDB come through foreign tables in a query of this database: they are compared as they arrive, or staged first, with the
# same outcome; a source that is away, or has what does not convert, fails the batch and loses nothing. MariaDB sends the rows of a window only.
use strict;
use warnings;

use Datasurface::Sql qw(sql_file);
use Datasurface::StopPoints qw(start_node wait_for_text);
use IPC::Run;
use PostgreSQL::Test::Cluster;
use PostgreSQL::Test::Utils;
use Test::More;

my $server = '/usr/sbin/mariadbd';
my $node = start_node('here');
my ($found) = $node->safe_psql('postgres', "SELECT count(*) FROM pg_available_extensions WHERE name = 'mysql_fdw'");
plan skip_all => 'needs mysql_fdw and MariaDB' if !$found || !-x $server;

my $folder = PostgreSQL::Test::Utils::tempdir_short();
my $port = PostgreSQL::Test::Cluster::get_free_port();
my $log = "$folder/log";
my @place = ('--no-defaults', "--datadir=$folder/data");

sub sql { my ($sql) = @_; return $node->safe_psql('postgres', $sql); }

my $mariadb;

sub start_mariadb
{
	$mariadb = IPC::Run::start([ $server, @place, "--socket=$folder/socket", "--port=$port", '--bind-address=127.0.0.1',
		'--innodb-flush-log-at-trx-commit=0', '--innodb-buffer-pool-size=16M' ], '>', $log, '2>&1');
	for (1 .. 600)
	{
		return if -S "$folder/socket" && eval { there('SELECT 1') };
		select undef, undef, undef, 0.1;
	}
	die 'MariaDB does not start: ' . slurp_file($log);
}

sub stop_mariadb { $mariadb->kill_kill(grace => 20); undef $mariadb; unlink "$folder/socket"; return; }

# also when the test dies
END { my $status = $?; stop_mariadb() if $mariadb; $? = $status; }

sub there
{
	my ($sql) = @_;
	my ($out, $error);
	IPC::Run::run([ 'mariadb', '--no-defaults', "--socket=$folder/socket", '-u', 'root', '-N', '-B' ], '<', \$sql, '>', \$out, '2>', \$error)
		or die "MariaDB: $error";
	return $out;
}

IPC::Run::run([ 'mariadb-install-db', @place, '--auth-root-authentication-method=normal' ], '>', $log, '2>&1')
	or die 'MariaDB is not made: ' . slurp_file($log);
start_mariadb();
there(<<~'SQL');
	CREATE DATABASE shop CHARACTER SET utf8mb4;
	USE shop;
	CREATE TABLE shop.orders (id INT PRIMARY KEY, customer VARCHAR(50) NOT NULL, amount DECIMAL(12, 2), placed DATETIME(6), note TEXT);
	INSERT INTO shop.orders SELECT seq, CONCAT('käufer ', seq % 100), seq * 1.25, '2024-02-29 12:00:00.5' + INTERVAL seq SECOND,
		IF(seq % 7, NULL, REPEAT('n', seq)) FROM seq_1_to_1000;
	CREATE USER reader@'127.0.0.1' IDENTIFIED BY 'not told';
	GRANT SELECT ON shop.* TO reader@'127.0.0.1';
	SQL

my $columns = 'id integer, customer varchar(50), amount numeric(12,2), placed timestamp, note text';
sql(sql_file('scene') . <<~SQL);
	RESET check_function_bodies;
	CREATE EXTENSION datasurface;
	CREATE EXTENSION mysql_fdw;
	CREATE SERVER shop FOREIGN DATA WRAPPER mysql_fdw OPTIONS (host '127.0.0.1', port '$port');
	CREATE ROLE keeper;
	CREATE SCHEMA shop_source AUTHORIZATION keeper;
	GRANT USAGE ON FOREIGN SERVER shop TO keeper;
	CREATE USER MAPPING FOR keeper SERVER shop OPTIONS (username 'reader', password 'not told');
	SET ROLE keeper;
	CREATE FOREIGN TABLE shop_source.orders ($columns) SERVER shop OPTIONS (dbname 'shop', table_name 'orders');
	RESET ROLE;
	CALL scene.make(scene.store('straight', scene.dataset('orders', '$columns', 'TABLE shop_source.orders', milestoned => true), '{"owner": "keeper"}')
		|| scene.store('staged', scene.dataset('orders', '$columns', 'TABLE shop_source.orders', milestoned => true), '{"owner": "keeper"}')
		|| scene.store('times', scene.dataset('orders', '$columns', more => jsonb_build_object('ingestion', jsonb_build_object(
			'kind', 'sql_watermark', 'from', 'shop_source.orders', 'watermark',
			'{"column": "placed", "type": "timestamp", "time_zone": "UTC", "overlap": "1h", "full_every": "1000d"}'::jsonb))),
			'{"owner": "keeper"}')
		|| scene.store('numbers', scene.dataset('orders', '$columns', more => jsonb_build_object('ingestion', jsonb_build_object(
			'kind', 'sql_watermark', 'query', 'SELECT * FROM shop_source.orders', 'watermark',
			'{"column": "id", "type": "integer", "overlap": 10, "full_every": "1000d"}'::jsonb))), '{"owner": "keeper"}'));
	SQL

# Both stores pull; returns what became of their newest batches.
sub pull
{
	return join ' ', map {
		my $pull = $_ eq 'straight' ? 'auto' : 'staged';
		sql("SET datasurface.pull = $pull; SELECT datasurface.ds_run('$_')")
			. sql("SELECT concat_ws(',', '', b.batch, d.staged, d.inserted, d.updated, d.deleted, d.unchanged, d.way, b.error_sqlstate)
				FROM datasurface.batches b JOIN datasurface.batch_datasets d USING (stream, batch) WHERE stream = '$_' ORDER BY batch DESC LIMIT 1");
	} qw(straight staged);
}

is(pull(), 'DONE,1,1000,1000,0,0,0,straight DONE,1,1000,1000,0,0,0,staged', 'a first load');
is(pull(), 'DONE,1,1000,1000,0,0,0,straight DONE,1,1000,1000,0,0,0,staged', 'nothing changed: no batch');
there("UPDATE shop.orders SET note = 'new' WHERE id <= 5; DELETE FROM shop.orders WHERE id BETWEEN 10 AND 12; "
	. "INSERT INTO shop.orders VALUES (2000, 'neu', 1, NULL, NULL)");
is(pull(), 'DONE,2,998,1,5,3,992,straight DONE,2,998,1,5,3,992,staged', 'exactly what changed');
is(sql("SELECT count(*) FROM (TABLE straight.orders EXCEPT TABLE staged.orders) x"), 0, 'either way the same rows');
my $sum = 'md5(group_concat(concat_ws("|", id, customer, amount, note) ORDER BY id))';
is(sql("SELECT md5(string_agg(concat_ws('|', id, customer, amount, note), ',' ORDER BY id)) FROM straight.orders"),
	there("SET SESSION group_concat_max_len = 100000000; SELECT $sum FROM shop.orders") =~ s/\n//r, 'and those of the source');

# a column that became longer at the source
there("ALTER TABLE shop.orders MODIFY customer VARCHAR(200) NOT NULL; UPDATE shop.orders SET customer = REPEAT('x', 100) WHERE id = 1");
is(pull(), 'FAILED,3,22001 FAILED,3,22001', 'a value that does not convert fails the batch');
is(sql("SELECT count(*) FROM straight.orders"), 998, 'and nothing is lost');
there("UPDATE shop.orders SET customer = 'x' WHERE id = 1");
like(pull(), qr/^DONE,3,998,0,1,0,997,\S+ DONE,3,998,0,1,0,997,\S+$/, 'mended');

stop_mariadb();
like(pull(), qr/^FAILED,4,\S* FAILED,4,\S*$/, 'a source that is away fails the batch');
unlike(sql('SELECT string_agg(concat(error_message, error_detail, error_hint), chr(10)) FROM datasurface.batches') . slurp_file($node->logfile),
	qr/not told/, 'no message has the password');
start_mariadb();
like(pull(), qr/^DONE,4,998,0,0,0,998,\S+ DONE,4,998,0,0,0,998,\S+$/, 'when it is there again, the batch goes on');
there('DELETE FROM shop.orders');
like(pull(), qr/^HELD,5,0,0,0,998,0,staged HELD,5,0,0,0,998,0,staged$/, 'an empty source is held, by the brake that is the default');

# ---- windows: MariaDB is asked for their rows only ----

# Both stores with a watermark pull; what became of them, and how many rows MariaDB has sent for it
sub pull_windows
{
	my $sent = sub { return there("SHOW GLOBAL STATUS LIKE 'Rows_sent'") =~ s/\D//gr };
	my $before = $sent->();
	my $did = join ' ', map {
		sql("SELECT datasurface.ds_run('$_')") . sql("SELECT concat_ws(',', '', mode, staged, inserted, updated, deleted)
			FROM datasurface.batch_dataset JOIN datasurface.stream s USING (stream_id) WHERE s.name = '$_' AND batch_id = last_batch");
	} qw(times numbers);
	return ($did, $sent->() - $before);
}

there("USE shop; INSERT INTO shop.orders SELECT seq, 'x', 1, IF(seq = 7, NULL, '2024-02-29 12:00:00'), NULL FROM seq_1_to_1000");
is((pull_windows())[0], 'DONE,snapshot,1000,1000,0,0 DONE,snapshot,1000,1000,0,0', 'a first pull is whole');
there("SET GLOBAL general_log_file = '$folder/queries'; SET GLOBAL general_log = ON;
	UPDATE shop.orders SET note = 'changed', placed = UTC_TIMESTAMP(6) WHERE id IN (1, 5, 9); UPDATE shop.orders SET note = 'no stamp' WHERE id = 2;
	INSERT INTO shop.orders VALUES (1001, 'newest', 1, UTC_TIMESTAMP(6), NULL), (1002, 'none', 1, NULL, NULL)");
my ($did, $rows_sent) = pull_windows();
is($did, 'DONE,window,6,2,3,0 DONE,window,13,2,0,0', 'a window has what was stamped since, and what has no stamp');
cmp_ok($rows_sent, '<', 30, 'MariaDB has sent no other rows');
my $queries = slurp_file("$folder/queries");
like($queries, qr/Execute.*`placed` >= '/, 'it is asked by the bound of times');
like($queries, qr/Execute.*`id` >= '?990/, 'and by that of numbers');
is(sql("SET ROLE keeper; SELECT string_agg(id::text, ' ' ORDER BY id) FROM times.orders t JOIN shop_source.orders o USING (id)
	WHERE (t.customer, t.amount, t.placed, t.note) IS DISTINCT FROM (o.customer, o.amount, o.placed, o.note)"), '2',
	'only the row whose stamp tells nothing is old');
is(sql("SELECT count(*) FROM times.orders"), 1002, 'and none is missing');

stop_mariadb();
done_testing();
