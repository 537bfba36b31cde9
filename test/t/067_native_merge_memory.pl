# What the native engine keeps in memory is bounded by its budget, not by the size of the values: rows with values
# stored out of line are digested and written without holding those of many rows at once.
use strict;
use warnings;

use Datasurface::StopPoints qw(start_node);
use PostgreSQL::Test::Utils;
use Test::More;

plan skip_all => 'the peak of a process is read from /proc' unless -r "/proc/$$/status";

my $node = start_node('memory', settings => <<~CONF);
	datasurface.merge_engine = native
	datasurface.merge_work_mem = '1MB'
	CONF

sub sql { return $node->safe_psql('postgres', $_[0]); }

# Kilobytes that the backend of a session grew by at most, over what a backend holds anyway.
sub growth
{
	my ($sql) = @_;
	my $peak = "SELECT (regexp_match(pg_read_file('/proc/self/status'), 'VmHWM:\\s+(\\d+) kB'))[1]::integer";
	my ($before, $after) = (split /\n/, sql("$peak; DO \$\$ BEGIN $sql; END \$\$; $peak"))[ 0, -1 ];
	note "$sql: from $before kB to $after kB";
	return $after - $before;
}

sub stage
{
	my ($batch, $label) = @_;
	sql("SELECT datasurface.ds_start_batch('wide'); INSERT INTO wide.rows_staging (id, label) SELECT i, $label "
		. "FROM generate_series(1, 500) i;
		SELECT datasurface.ds_ingest('wide', $batch)");
	return;
}

sql(<<~SQL);
	CREATE EXTENSION datasurface;
	SELECT version FROM datasurface.ds_load_model('{"stores": [{"name": "wide", "description": "wide", "datasets": [{"name": "rows",
		"description": "rows", "primary_key": ["id"], "milestoning": "milestoned", "ingestion": {"kind": "push"},
		"columns": [{"name": "id", "type": "integer"}, {"name": "label", "type": "text"}]}]}]}');
	SELECT count(*) FROM datasurface.ds_reconcile_schema();
	ALTER TABLE wide.rows_staging ALTER label SET STORAGE external;
	ALTER TABLE wide.rows ALTER label SET STORAGE external;
	ALTER TABLE wide.rows_history ALTER label SET STORAGE external;
	SQL

# 500 rows of 200 kB are 100 MB
my $label = "i || repeat('x', 200000)";
for my $step ([ 'a first load', $label, '500|0|0|0' ], [ 'unchanged rows', $label, '0|0|0|500' ],
	[ 'changed rows', "$label || CASE WHEN i % 2 = 0 THEN 'y' ELSE '' END", '0|250|0|250' ])
{
	my ($what, $rows, $counts) = @{$step};
	my $batch = sql("SELECT coalesce(max(batch), 0) + 1 FROM datasurface.batches");
	stage($batch, $rows);
	cmp_ok(growth("PERFORM datasurface.ds_merge_staging('wide', $batch)"), '<', 60_000,
		"$what: memory stays within bounds");
	is(sql("SELECT inserted, updated, deleted, unchanged FROM datasurface.batches WHERE batch = $batch"), $counts,
		"$what: merged");
}

$node->stop;
done_testing();
