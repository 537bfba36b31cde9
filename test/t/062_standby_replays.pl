# A physical standby replays what the native engine writes, each page compared with the primary's own image of it
# (wal_consistency_checking), and holds the same rows and sound indexes.
use strict;
use warnings;

use Datasurface::Sql qw(sql_file);
use Datasurface::StopPoints qw(start_node);
use PostgreSQL::Test::Cluster;
use PostgreSQL::Test::Utils;
use Test::More;

my @streams = qw(kept_push live_pull);

my $primary = start_node('primary', allows_streaming => 1, settings => 'datasurface.merge_engine = native');
$primary->backup('base');
my $standby = PostgreSQL::Test::Cluster->new('standby');
$standby->init_from_backup($primary, 'base', has_streaming => 1);
$standby->start;

sub sql { my ($sql, $node) = @_; return ($node // $primary)->safe_psql('postgres', $sql); }

sql(sql_file('merged_tables'));

my $checked = "SET wal_consistency_checking = 'all'";

sub standby_ok
{
	my ($what) = @_;
	$primary->wait_for_catchup($standby);
	my $all = join ' || ', map { "content('$_')" } @streams;
	is(sql("SELECT $all", $standby), sql("SELECT $all"), "$what: the standby holds the same rows");
	is(sql(join(' UNION ALL ', map { "SELECT * FROM damage('$_')" } @streams), $standby), '',
		"$what: nothing is damaged there");
	return;
}

for my $batch (1 .. 4)
{
	sql("SELECT change_source($batch)");
	for my $stream (@streams)
	{
		is(sql("SELECT stage('$stream', $batch); $checked; SELECT datasurface.ds_run('$stream')"), "\nDONE",
			"batch $batch of $stream");
		is(sql("SELECT * FROM problems('$stream', $batch)"), '', "batch $batch of $stream: nothing is amiss");
	}
	# room for what comes next is made in the middle of pages, and what was written looked at by all kinds of clean-up
	sql("VACUUM $streams[$batch % 2].rows");
	standby_ok("batch $batch");
}

# a merge that was given up leaves dead rows behind, there as here
sql('SELECT change_source(5)');
sql("SELECT stage('$_', 5); $checked; BEGIN; SELECT datasurface.ds_run('$_'); ROLLBACK") foreach @streams;
standby_ok('given up');
sql("$checked; SELECT datasurface.ds_run('$_')") foreach @streams;
sql("VACUUM FREEZE $_.rows") foreach @streams;
standby_ok('batch 5');

# the plan of a change is shown there as here
sql("COMMENT ON TABLE kept_push.rows IS 'of somebody else'");
$primary->wait_for_catchup($standby);
my $plan = 'SELECT object, action, statement, class, plan FROM datasurface.ds_plan_schema()';
like(sql($plan), qr/\A"kept_push"."rows"\|comment\|/, 'the primary has a plan');
is(sql($plan, $standby), sql($plan), 'the standby has the same plan');

unlike(slurp_file($standby->logfile), qr/FATAL|PANIC|inconsistent page/, 'replay had no complaint');
$standby->stop;
$primary->stop;
done_testing();
