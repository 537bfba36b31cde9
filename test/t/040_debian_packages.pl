# Debian's package index as it stood in three releases: real rows, real duplicate keys. The counts were computed apart
# from this project; which row wins a key is read off the files: the last one.
use strict;
use warnings;

use FindBin;
use PostgreSQL::Test::Cluster;
use PostgreSQL::Test::Utils;
use Test::More;

my $demo = "$FindBin::Bin/../../demo";
my @columns = qw(package version architecture source section priority installed_size size multi_arch essential homepage
	depends);
my @files = map { "$demo/data/packages-$_.csv.xz" } qw(1-bookworm 2-trixie 3-forky);
my @truth = ('63436|0|0|0', '14233|43437|8849|11150', '9302|47196|7387|14237');
my @surplus = (4, 5, 0);

my $node = PostgreSQL::Test::Cluster->new('debian');
$node->init;
$node->append_conf('postgresql.conf', "fsync = off\nmax_wal_size = '2GB'");
$node->start;

sub sql { return $node->safe_psql('postgres', $_[0]); }

sub push_file
{
    my ($file, $table) = @_;
    my $columns = join ', ', @columns;
    sql("COPY $table ($columns) FROM PROGRAM 'xz --decompress --stdout $file' (FORMAT csv, HEADER)");
}

# Both datasets of the stream take the file, in one batch.
sub run_batch
{
    my ($file) = @_;
    my $batch = sql("SELECT datasurface.ds_start_batch('debian')");
    push_file($file, "debian.$_") foreach qw(packages_staging packages_live_staging);
    # beside the batch, in the order of arrival, for the question which row should win
    sql("TRUNCATE arrived; ALTER SEQUENCE arrived_line_seq RESTART");
    push_file($file, 'arrived');
    sql("SELECT datasurface.ds_ingest('debian', $batch, rows => 2 * (SELECT count(*) FROM arrived))");
    is(sql("SELECT datasurface.ds_run('debian')"), 'DONE', "batch $batch runs");
    return $batch;
}

# Every key's row in a table is the last of that key to arrive.
sub winners_differ
{
    my ($table) = @_;
    my $columns = join ', ', @columns;
    return sql(<<~SQL);
        WITH winner AS (
            SELECT $columns FROM arrived a WHERE NOT EXISTS (
                SELECT FROM arrived b WHERE b.package = a.package AND b.architecture = a.architecture AND b.line > a.line))
        SELECT count(*) FROM ((SELECT $columns FROM $table EXCEPT ALL TABLE winner) UNION ALL
                              (TABLE winner EXCEPT ALL SELECT $columns FROM $table)) x
        SQL
}

# Of the keys that arrived more than once, and only of these: key and version of the current row.
sub surplus_keys
{
    my ($table) = @_;
    return sql(<<~SQL);
        SELECT string_agg(package || ' ' || architecture || ' ' || version, E'\\n' ORDER BY package COLLATE "C") FROM $table
        WHERE (package, architecture) IN (SELECT package, architecture FROM arrived GROUP BY 1, 2 HAVING count(*) > 1)
        SQL
}

# The same from the file alone, read line by line.
sub surplus_keys_of_file
{
    my ($file) = @_;
    my (%seen, %version);
    open my $lines, '-|', 'xz', '--decompress', '--stdout', $file or die "xz: $!";
    <$lines>;
    while (my $line = <$lines>)
    {
        my ($package, $version, $architecture) = split /,/, $line;
        $seen{"$package $architecture"}++;
        $version{"$package $architecture"} = $version;
    }
    close $lines;
    return join "\n", map { "$_ $version{$_}" } sort grep { $seen{$_} > 1 } keys %seen;
}

sql('CREATE EXTENSION datasurface');
sql("SELECT datasurface.ds_load_model(pg_read_file('$demo/model.json'))");
is(sql("SELECT count(*) FROM datasurface.ds_reconcile_schema() WHERE action = 'failed'"), '0', 'the tables are made');
sql("CREATE TABLE arrived AS SELECT " . join(', ', @columns)
	. " FROM debian.packages; ALTER TABLE arrived ADD line serial");
sql('CREATE INDEX ON arrived (package, architecture, line)');

for my $i (0 .. $#files)
{
    my $batch = run_batch($files[$i]);
    for my $dataset (qw(packages packages_live))
    {
        my $where = "WHERE stream = 'debian' AND batch = $batch AND dataset = '$dataset'";
        is(sql("SELECT inserted, updated, deleted, unchanged FROM datasurface.batch_datasets $where"),
            $truth[$i], "batch $batch of $dataset: the true counts");
        is(sql("SELECT surplus FROM datasurface.batch_datasets $where"), $surplus[$i],
	"batch $batch of $dataset: surplus rows");
        is(winners_differ("debian.$dataset"), '0', "batch $batch of $dataset: each key has the row that arrived last");
        is(surplus_keys("debian.$dataset"), surplus_keys_of_file($files[$i]),
	"batch $batch of $dataset: surplus keys by the file");
    }
    my $columns = join ', ', @columns;
    sql("CREATE TABLE image_$batch AS SELECT $columns FROM debian.packages_live");
}

for my $batch (1 .. 3)
{
    my $columns = join ', ', @columns;
    is( sql("SELECT count(*) FROM ((SELECT $columns FROM debian.packages_as_of($batch) EXCEPT ALL TABLE image_$batch) "
	. "UNION ALL
                                   (TABLE image_$batch EXCEPT ALL SELECT $columns
	FROM debian.packages_as_of($batch))) x"),
        '0', "as of batch $batch the milestoned dataset is what the live one was");
}

done_testing();
