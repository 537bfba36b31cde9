# A physical standby is promoted in the middle of batches. Unlogged staging tables are empty there: the pull is made
# anew and nothing is deleted. Pushed rows are logged: their batch goes on.
use strict;
use warnings;

use Datasurface::Sql qw(sql_file);
use PostgreSQL::Test::Cluster;
use PostgreSQL::Test::Utils;
use Test::More;

my $primary = PostgreSQL::Test::Cluster->new('primary');
$primary->init(allows_streaming => 1);
$primary->append_conf('postgresql.conf', "fsync = off\nlog_statement = none\nmax_wal_size = '1GB'");
$primary->start;
$primary->backup('base');
my $standby = PostgreSQL::Test::Cluster->new('standby');
$standby->init_from_backup($primary, 'base', has_streaming => 1);
$standby->start;

$primary->safe_psql('postgres', sql_file('invariants'));

sub sql
{
	my ($sql, $node) = @_;
	return ($node // $primary)->safe_psql('postgres', $sql);
}

sub error_of
{
	my ($sql) = @_;
	$primary->psql('postgres', $sql, stderr => \my $error);
	return $error =~ s/^psql:<stdin>:\d+: //r;
}

sub push_batch
{
	my ($store, $n) = @_;
	return "SELECT datasurface.ds_start_batch('$store', 'run $n'); SELECT push('$store'); "
		. "SELECT datasurface.ds_ingest('$store', $n);";
}

for my $n (1, 2)
{
	sql("SELECT change_source($n); SELECT keep_image('push', $n); SELECT keep_image('pull', $n)");
	sql(push_batch($_, $n) . "SELECT datasurface.ds_run('$_', 'run $n')") foreach 'push', 'push_twin';
	sql("SELECT datasurface.ds_run('$_', 'run $n')") foreach 'pull', 'pull_twin';
}
# the twins go through, the others stop half way
sql("SELECT change_source(3); SELECT keep_image('push', 3); SELECT keep_image('pull', 3)");
sql(push_batch('push_twin', 3) . "SELECT datasurface.ds_run('push_twin'), datasurface.ds_run('pull_twin')");
sql(push_batch('push', 3));
is(sql("SET datasurface.pull = staged; SELECT datasurface.ds_run('pull', 'run 3', budget => '0')"), 'KEEP_WORKING', 'a pull is staged');
isnt(sql('SELECT count(*) FROM pull.orders_staging'), '0', 'its rows are there');
$primary->wait_for_catchup($standby);

# on a standby one can look, and is told that one cannot run
is(sql("SELECT open_batch, open_state FROM datasurface.streams WHERE stream = 'pull'", $standby), '3|ingested',
	'the views can be read on a standby');
is(sql("SELECT count(*) FROM pull.orders_as_of(1)", $standby),
	sql("SELECT count(*) FROM image_orders WHERE stream = 'pull' AND batch = 1"),
	'as_of functions can be called on a standby');
my $status = $standby->psql('postgres', "\\set VERBOSITY verbose\nSELECT datasurface.ds_run('push', 'run 3')",
	on_error_stop => 1, stderr => \my $message);
like($message, qr/ERROR:  25006: cannot run batches here: this server is a standby\nDETAIL:  .*\nHINT:  Call the primary\.\n/, 'ds_run on a standby: read-only');
unlike($message, qr/CONTEXT|SQL statement/, 'in words of our own');
$standby->psql('postgres', "\\set VERBOSITY verbose\nSELECT datasurface.ds_$_", stderr => \$message),
	like($message, qr/ERROR:  25006: .*this server is a standby/, "ds_$_ on a standby")
	foreach "start_batch('push')", "ingest('push', 3)", "merge_staging('push', 3)", "reset_batch('push', 3)",
		"fail_batch('push', 3, 'x')", "load_model('{}')", 'reconcile_schema()';
is($standby->safe_psql('postgres', "SELECT datasurface.ds_require('push', 'run 2')"), '2',
	'ds_require looks, on a standby too');

$primary->stop('immediate');
$standby->promote;
$primary = $standby;

is(sql('SELECT count(*) FROM pull.orders_staging'), '0', 'promoted: the unlogged staging table is empty');
like(error_of("SELECT datasurface.ds_merge_staging('pull', 3)"), qr/^ERROR:  .* has fewer rows than were staged/,
	'its merge is refused');
is(sql("SELECT * FROM problems_before('pull', 3)"), '', 'nothing was deleted');
is(sql("SELECT datasurface.ds_run('pull', 'run 3')"), 'DONE', 'ds_run pulls anew');
is(sql("SELECT * FROM problems('pull', 3)"), '', 'pull: the same as undisturbed');
is(sql("SELECT datasurface.ds_run('push', 'run 3')"), 'DONE', 'the sealed push is merged');
is(sql("SELECT * FROM problems('push', 3)"), '', 'push: the same as undisturbed');
is(sql('SELECT * FROM datasurface.ds_reconcile_schema()'), '', 'reconcile takes no step');

# sequences may have skipped values in the promotion; what counts is that none comes twice
sql("SELECT change_source(4); SELECT keep_image('push', 4); SELECT keep_image('pull', 4)");
sql(push_batch($_, 4) . "SELECT datasurface.ds_run('$_')") foreach 'push', 'push_twin';
sql("SELECT datasurface.ds_run('$_')") foreach 'pull', 'pull_twin';
is(sql("SELECT * FROM problems('push', 4) UNION ALL SELECT * FROM problems('pull', 4)"), '',
	'and the next batches follow');

done_testing();
