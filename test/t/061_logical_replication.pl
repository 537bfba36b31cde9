# What the native engine writes is decoded as exactly the changes of each batch, and a subscriber ends with equal
# tables. Where a published table lacks what its replica identity needs, the merge is refused as any statement is.
use strict;
use warnings;

use Datasurface::Sql qw(sql_file);
use Datasurface::StopPoints qw(start_node);
use PostgreSQL::Test::Utils;
use Test::More;

my $tables = sql_file('merged_tables');
my %nodes;
for my $name (qw(publisher subscriber))
{
	# so little memory that changes of one batch are decoded through files
	$nodes{$name} = start_node($name, allows_streaming => 'logical', settings => <<~CONF);
		logical_decoding_work_mem = '64kB'
		datasurface.merge_engine = native
		CONF
	$nodes{$name}->safe_psql('postgres', $tables);
}
my ($publisher, $subscriber) = @nodes{qw(publisher subscriber)};

sub sql { my ($sql, $node) = @_; return ($node // $publisher)->safe_psql('postgres', $sql); }

sql(<<~SQL);
	CREATE PUBLICATION merged FOR TABLE kept_push.rows, kept_push.rows_history, live_pull.rows;
	SELECT pg_create_logical_replication_slot('decoded', 'test_decoding');
	-- by the images of the source alone: what the tables must have been told to do
	CREATE FUNCTION wanted(newest integer) RETURNS TABLE (kind text, id integer) LANGUAGE sql AS \$\$
		SELECT CASE WHEN o.id IS NULL THEN 'INSERT' WHEN n.id IS NULL THEN 'DELETE' ELSE 'UPDATE' END, coalesce(n.id,
			o.id)
		FROM (SELECT * FROM image WHERE batch = newest) n FULL JOIN (SELECT * FROM image
			WHERE batch = newest - 1) o USING (id)
		WHERE (n.label, n.amount::text, n.note, n.spot::text) IS DISTINCT FROM (o.label, o.amount::text, o.note,
			o.spot::text);
	\$\$;
	CREATE TABLE decoded (batch integer, relation text, kind text, id integer, written text);
	CREATE FUNCTION decode(batch integer) RETURNS void LANGUAGE sql AS \$\$
		INSERT INTO decoded SELECT batch, c[1], c[2], c[3]::integer, data
		FROM pg_logical_slot_get_changes('decoded', NULL, NULL, 'include-xids', '0'),
			regexp_match(data, '^table (kept_push.rows|kept_push.rows_history|live_pull.rows): ([A-Z]+):.* id.integer.:([0-9]+)') c
		WHERE c IS NOT NULL;
	\$\$;
	SQL
my $connection = $publisher->connstr . ' dbname=postgres';
sql("CREATE SUBSCRIPTION merged CONNECTION '$connection' PUBLICATION merged WITH (streaming = on)", $subscriber);
$subscriber->wait_for_subscription_sync($publisher, 'merged');

sub merge_ok
{
	my ($batch) = @_;
	is(sql("SELECT stage('$_', $batch); SELECT datasurface.ds_run('$_', 'batch $batch')"), "\nDONE", "batch $batch of $_")
		foreach qw(kept_push live_pull);
	is(sql("SELECT * FROM problems('$_', $batch)"), '', "batch $batch of $_: nothing is amiss")
		foreach qw(kept_push live_pull);
	return;
}

sub decoded_ok
{
	my ($batch) = @_;
	sql("SELECT decode($batch)");
	is(sql("SELECT differences('SELECT kind, id FROM decoded WHERE relation = ''$_'' AND batch = $batch', "
		. "'SELECT * FROM wanted($batch)')"), 0,
		"batch $batch of $_ is decoded as what changed") foreach 'kept_push.rows', 'live_pull.rows';
	is(sql("SELECT differences('SELECT kind, id FROM decoded WHERE relation = ''kept_push.rows_history'' AND batch = $batch',
		'SELECT ''INSERT'', id FROM wanted($batch) WHERE kind <> ''INSERT''')"), 0,
			"batch $batch: the history is decoded as the versions that end");
	return;
}

sub subscriber_ok
{
	my ($what) = @_;
	$publisher->wait_for_catchup('merged');
	is(sql("SELECT content('$_')", $subscriber), sql("SELECT content('$_')"), "$what: the subscriber's $_ is the same")
		foreach qw(kept_push live_pull);
	return;
}

# a first load, two batches of changes, one that changes nothing
for my $batch (1 .. 4)
{
	sql($batch == 4 ? 'INSERT INTO image SELECT 4, * FROM source' : "SELECT change_source($batch)");
	merge_ok($batch);
	decoded_ok($batch);
	subscriber_ok("batch $batch");
}
is(sql("SELECT count(*) > 0 FROM decoded WHERE batch = 2 AND length(written) > 3000 "
	. "AND written NOT LIKE '%unchanged-toast-datum%'"), 't',
	'values that are stored out of line are in it');

# with the whole row as identity the subscriber finds its rows all the same
sql('ALTER TABLE live_pull.rows REPLICA IDENTITY FULL');
sql('SELECT change_source(5)');
merge_ok(5);
decoded_ok(5);
subscriber_ok('replica identity full');

# ---- where core refuses, so do we ------------------------------------------------------------------------------------

# Nothing is written, and the answer is what an UPDATE or DELETE of that table hears.
sub refused_ok
{
	my ($statement, $expected, $what) = @_;
	my $before = sql("SELECT content('kept_push')");
	my $heard = sub { $publisher->psql('postgres', "\\set VERBOSITY verbose\n$_[0]", stderr => \my $error,
		on_error_stop => 1); return $error; };
	like($heard->("SELECT * FROM datasurface.ds_merge_staging('kept_push', 6)"), $expected,
		"$what: the merge is refused");
	like($heard->($statement), $expected, "$what: so is a statement") if $statement;
	is(sql("SELECT content('kept_push')"), $before, "$what: nothing was written");
	is(sql("SELECT state FROM datasurface.batches WHERE stream = 'kept_push' AND batch = 6"), 'ingested',
		"$what: the batch stands where it was");
	return;
}

my $update = 'UPDATE kept_push.rows SET amount = 0';
my $delete = 'DELETE FROM kept_push.rows';

sql('ALTER TABLE kept_push.rows REPLICA IDENTITY NOTHING');
sql("UPDATE source SET amount = amount + 1; SELECT stage('kept_push', 6)");
refused_ok($update, qr/ERROR:  55000: cannot update table "rows" because it does not have a replica identity and publishes updates/, 'no identity, updates');

sql("SELECT datasurface.ds_reset_batch('kept_push', 6); UPDATE source SET amount = amount - 1; DELETE FROM source "
	. "WHERE id < 100; SELECT fill('kept_push', 6)");
refused_ok($delete, qr/ERROR:  55000: cannot delete from table "rows" because it does not have a replica identity and publishes deletes/, 'no identity, deletes');

sql('ALTER TABLE kept_push.rows REPLICA IDENTITY DEFAULT; ALTER PUBLICATION merged SET TABLE kept_push.rows (label)');
refused_ok($delete, qr/ERROR:  42P10: cannot delete from table "rows"/, 'columns published without the key');

sql('ALTER PUBLICATION merged SET TABLE kept_push.rows; ALTER TABLE kept_push.rows DROP CONSTRAINT rows_pkey, ADD UNIQUE (id)');
refused_ok(undef, qr/ERROR:  0A000: the native engine cannot merge.*no primary key/s, 'no primary key');
$publisher->append_conf('postgresql.conf', 'datasurface.merge_engine = auto');
$publisher->reload;
refused_ok($delete, qr/ERROR:  55000: cannot delete from table "rows" because it does not have a replica identity and publishes deletes/, 'no primary key, by sql');

$_->stop foreach $subscriber, $publisher;
done_testing();
