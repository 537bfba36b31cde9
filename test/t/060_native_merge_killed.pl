# A backend dies in the middle of what the native engine writes: it ends, the server crashes, or is stopped at once.
# What was written is nowhere to be seen, a retry goes through, and no page or index is damaged.
use strict;
use warnings;

use Datasurface::Sql qw(sql_file);
use Datasurface::StopPoints qw(start_node die_at come_back);
use PostgreSQL::Test::Utils;
use Test::More;

my @actions = qw(terminate kill stop);
my @points = qw(merge.loading merge.compared merge.deleted merge.updated merge.inserted merge.applied);
my @streams = qw(kept_push live_push kept_pull live_pull);

# so few buffers that pages go to disk, and their WAL before them, while the merge is still writing
my $node = start_node('killed', settings => "shared_buffers = '512kB'\ndatasurface.merge_engine = native");

sub sql { return $node->safe_psql('postgres', $_[0]); }

sql(sql_file('merged_tables'));

sub die_and_retry
{
	my ($stream, $batch, $point, $action) = @_;
	my $what = "$stream, $action at $point";
	sql("SELECT stage('$stream', $batch)");
	my $before = sql("SELECT content('$stream')");
	is(die_at($node, $point, $action, "SELECT datasurface.ds_run('$stream', 'run $batch')"), 2, "$what: dies");
	come_back($node, $action);
	is(sql("SELECT content('$stream')"), $before, "$what: the tables are as they were");
	is(sql("SELECT * FROM damage('$stream')"), '', "$what: what is left of the merge is sound");
	is(sql("SELECT datasurface.ds_run('$stream', 'run $batch')"), 'DONE', "$what: the retry is one call");
	is(sql("SELECT * FROM problems('$stream', $batch)"), '', "$what: nothing is amiss after it");
	is(sql("SELECT * FROM damage('$stream')"), '', "$what: nor damaged");
}

# Each stream meets each point, each point each action.
for my $p (0 .. $#points)
{
	my $batch = $p + 1;
	sql("SELECT change_source($batch)");
	die_and_retry($streams[$_], $batch, $points[$p], $actions[ ($p + $_) % @actions ]) foreach 0 .. $#streams;
}

# the judges are worth something only if they see what is wrong
for my $wrong ('UPDATE kept_push.rows SET amount = 0 WHERE id = 4', 'DELETE FROM kept_push.rows_history WHERE id = 4')
{
	like(sql("BEGIN; $wrong; SELECT count(*) FROM problems('kept_push', 6); ROLLBACK"), qr/^[1-9]/,
		"the judge sees: $wrong");
}

$node->stop;
done_testing();
