# Marks where a clock jumps, or where it is not known: local times that come twice in autumn, transactions that a role cannot see, a mark
# that was taken before something asked for a whole pull, and a source that became another one meanwhile.
use strict;
use warnings;

use Datasurface::Source qw(start_source write_secret);
use Datasurface::StopPoints qw(start_node);
use IPC::Run;
use JSON::PP;
use PostgreSQL::Test::Utils;
use Test::More;

my $secrets = PostgreSQL::Test::Utils::tempdir();
my $far = start_source('far', reader => 'scram-sha-256');
my $node = start_node('node', settings => "datasurface.secrets_directory = '$secrets'");
write_secret($secrets, 'crm', username => 'reader', password => 'sesame');

sub sql { my ($sql, $where, $database) = @_; return ($where // $node)->safe_psql($database // 'postgres', $sql); }

sub dataset
{
	my ($name, %watermark) = @_;
	return { name => $name, description => 'd', primary_key => ['id'], columns => [ map { { name => $_, type => 'integer' } } qw(id v) ],
		ingestion => { kind => 'sql_watermark', from => 'ledger.t', watermark => \%watermark } };
}

sub place { my ($database) = @_; return (host => '127.0.0.1', port => $far->port, database => $database); }

# place: the database of source "far". stores: name => [ source, datasets ]
sub make
{
	my ($place, %stores) = @_;
	my $model = JSON::PP->new->canonical->encode({
		credentials => [ { name => 'crm', description => 'd', kind => 'files', directory => 'crm', roles => ['keeper'],
			sources => [ map { { place($_) } } qw(postgres other) ] } ],
		sources => [ { name => 'far', description => 'd', kind => 'postgresql', place($place), options => { sslmode => 'disable' },
			credential => 'crm' } ],
		stores => [ map { { name => $_, description => 'd', owner => 'keeper', brakes => { deletes => 'off', empty => 'off' },
			$stores{$_}[0] ? (source => 'far') : (), datasets => $stores{$_}[1] } } sort keys %stores ], workspaces => [] });
	return sql("SET client_min_messages = error; SELECT datasurface.ds_load_model(\$model\$$model\$model\$);
		SELECT count(*) FROM datasurface.ds_reconcile_schema()");
}

my $table = 'CREATE SCHEMA ledger; CREATE TABLE ledger.t (id integer PRIMARY KEY, v integer, ts timestamp, d date, tx timestamptz DEFAULT now());
	GRANT USAGE ON SCHEMA ledger TO PUBLIC; GRANT SELECT ON ledger.t TO PUBLIC;';
sql("CREATE ROLE keeper; CREATE EXTENSION datasurface; $table");
sql("CREATE ROLE reader LOGIN PASSWORD 'sesame'; CREATE DATABASE other; $table", $far);
sql($table, $far, 'other');

my %forever = (full_every => '10000d');
my %tx = (column => 'tx', type => 'timestamptz', stamped_by => 'transaction', %forever);
sub by_zone { my ($zone) = @_; my %more = (time_zone => $zone, overlap => '0', %forever);
	return [ dataset('ts', column => 'ts', type => 'timestamp', %more), dataset('d', column => 'd', type => 'date', %more) ]; }
my %stores = (zurich => [ 0, by_zone('Europe/Zurich') ], troll => [ 0, by_zone('Antarctica/Troll') ], utc => [ 0, by_zone('UTC') ],
	far => [ 1, [ dataset('tx', %tx) ] ], far_overlap => [ 1, [ dataset('tx', %tx, overlap => '1h') ] ], near => [ 0, [ dataset('tx', %tx) ] ]);
make('postgres', %stores);

my $marks = "datasurface.watermark w JOIN datasurface.dataset USING (dataset_id) JOIN datasurface.store s USING (store_id)";

# ---- local times that come twice, or not at all --------------------------------------------------------------------------

# A row for every ten minutes around both changes of the clock. From whichever of these moments a window begins: all rows that were
# stamped from then on are read.
my $moments = "generate_series(timestamptz '%s 20:00Z', timestamptz '%s 20:00Z' + interval '9 hours', interval '10 minutes')";
for my $zone (qw(Europe/Zurich Antarctica/Troll UTC))
{
	my $store = lc($zone =~ s/.*\///r);
	for my $day (qw(2025-03-29 2025-10-25))
	{
		my $times = sprintf $moments, $day, $day;
		my $missing = sql(<<~SQL);
			TRUNCATE ledger.t;
			INSERT INTO ledger.t SELECT n, 0, t AT TIME ZONE '$zone', (t AT TIME ZONE '$zone')::date, t FROM $times WITH ORDINALITY x(t, n);
			CREATE TEMP TABLE missing (begins timestamptz, dataset text, rows bigint);
			DO \$\$
			DECLARE
				begins timestamptz;
			BEGIN
				PERFORM datasurface.ds_force_snapshot('$store', 'ts'), datasurface.ds_force_snapshot('$store', 'd'), datasurface.ds_run('$store');
				FOR begins IN SELECT * FROM $times LOOP
					UPDATE ledger.t SET v = v + 1 WHERE tx >= begins;
					UPDATE datasurface.watermark SET mark = (extract(epoch FROM begins) * 1000000)::bigint WHERE dataset_id IN
						(SELECT dataset_id FROM datasurface.dataset JOIN datasurface.store s USING (store_id) WHERE s.name = '$store');
					PERFORM datasurface.ds_run('$store');
					INSERT INTO missing SELECT begins, 'ts', count(*) FROM ledger.t JOIN $store.ts USING (id) WHERE t.v <> ts.v HAVING count(*) > 0;
					INSERT INTO missing SELECT begins, 'd', count(*) FROM ledger.t JOIN $store.d USING (id) WHERE t.v <> d.v HAVING count(*) > 0;
				END LOOP;
			END \$\$;
			TABLE missing;
			SELECT DISTINCT why_whole FROM $marks WHERE s.name = '$store';
			SQL
		is($missing, 'ds_force_snapshot asked for it', "$zone, $day: what was stamped from a mark on is read");
	}
}

# ---- transactions that the role cannot see -------------------------------------------------------------------------------

sub state_of { my ($store) = @_; return sql("SELECT mark IS NOT NULL, why_whole, held_by FROM $marks WHERE s.name = '$store'"); }

my $other = IPC::Run::start([ 'psql', '-XAtq', '-d', $far->connstr('postgres') ], '<', \my $in, '>', \my $out);
$in = "SELECT 'here';\n";
$other->pump until $out =~ /here/;
sql('INSERT INTO ledger.t VALUES (1, 1)', $far);
sql("SELECT datasurface.ds_run('$_')") foreach qw(far far_overlap);
my $hidden = 'the role cannot see since when transactions of other sessions are open at the source';
is(state_of('far'), "f|there is no mark yet|$hidden", 'without pg_read_all_stats there is no mark');
is(state_of('far_overlap'), 't|there is no mark yet|', 'with an overlap there is');
sql('INSERT INTO ledger.t VALUES (2, 2)', $far);
sql("SELECT datasurface.ds_run('$_')") foreach qw(far far_overlap);
is(sql('SELECT count(*) FROM far.tx; SELECT count(*) FROM far_overlap.tx'), "2\n2", 'rows arrive in either case');
sql('GRANT pg_read_all_stats TO reader', $far);
sql("SELECT datasurface.ds_run('far')");
is(state_of('far'), 't|there is no mark yet|', 'with the right there is');
$in .= "\\q\n";
$other->finish;

# ---- a whole pull that is asked for while another one is under way -------------------------------------------------------

my $staged = 'SET datasurface.pull = staged;';
sql("TRUNCATE ledger.t; INSERT INTO ledger.t VALUES (1, 1), (2, 2)");
is(sql("$staged SELECT datasurface.ds_run('near', 'r1', budget => '0')"), 'KEEP_WORKING', 'a whole pull is staged');
sql("DELETE FROM ledger.t WHERE id = 2; SELECT datasurface.ds_force_snapshot('near', 'tx')");
is(sql("SELECT datasurface.ds_run('near', 'r1'); SELECT datasurface.ds_run('near', 'r2'); SELECT count(*) FROM near.tx"), "DONE\nDONE\n1",
	'what it asked for still comes');
is(sql("SELECT datasurface.ds_run('near', 'r3', budget => '0')"), 'KEEP_WORKING', 'a window is staged');
sql("DELETE FROM ledger.t; SELECT datasurface.ds_force_snapshot('near', 'tx')");
is(sql("SELECT datasurface.ds_run('near', 'r3'); SELECT datasurface.ds_run('near', 'r4'); SELECT count(*) FROM near.tx"), "DONE\nDONE\n0",
	'as of a window');

# ---- a source that becomes another -----------------------------------------------------------------------------------------

sql('INSERT INTO ledger.t VALUES (1, 1), (3, 3)', $far, 'other');
sql("SELECT datasurface.ds_force_snapshot('far', 'tx')");
is(sql("$staged SELECT datasurface.ds_run('far', 'a', budget => '0')"), 'KEEP_WORKING', 'a whole pull of one source is staged');
make('other', %stores);
is(sql("SELECT datasurface.ds_run('far', 'a'); SELECT datasurface.ds_run('far', 'b'); SELECT id FROM far.tx ORDER BY id"), "DONE\nDONE\n1\n3",
	'the rows of the other one replace it');
sql('DELETE FROM ledger.t; INSERT INTO ledger.t VALUES (5, 5)', $far);
is(sql("SELECT datasurface.ds_run('far', 'c', budget => '0')"), 'KEEP_WORKING', 'a window of the other one is staged');
make('postgres', %stores);
is(sql("SELECT datasurface.ds_run('far', 'c'); SELECT datasurface.ds_run('far', 'd'); SELECT id FROM far.tx ORDER BY id"), "DONE\nDONE\n5",
	'and back again');

done_testing();
