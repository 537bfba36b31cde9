# Writers that never pause, while windows are pulled again and again. In the end one more window, and every row is there: whatever was
# committed between two looks at the clock, or while a snapshot was taken. Nothing is deleted here, and only the first pull is whole.
package Datasurface::Watermarks::Hammer;

use strict;
use warnings;
use Exporter qw(import);
use IPC::Run;
use JSON::PP;
use PostgreSQL::Test::Utils;
use Time::HiRes qw(time);

our @EXPORT_OK = qw(hammer);

my $clients = 6;
my %watermarks = (
	tx => { column => 'tx', type => 'timestamptz', stamped_by => 'transaction', full_every => '1000d' },
	x => { type => 'xmin', full_every => '1000d' },
	app => { column => 'app', type => 'timestamptz', overlap => '1min', full_every => '1000d' });

# Each client has keys of its own, so none waits for another.
my $script = <<~'SQL';
	\set one :client_id + 10 * random(0, 60)
	\set two :client_id + 10 * random(0, 60)
	\set pause random(0, 40) * random(0, 20)
	BEGIN;
	INSERT INTO hammer.t VALUES (:one, random()) ON CONFLICT (id) DO UPDATE SET v = EXCLUDED.v, tx = now(), app = clock_timestamp();
	SAVEPOINT s;
	INSERT INTO hammer.t VALUES (:two, random()) ON CONFLICT (id) DO UPDATE SET v = EXCLUDED.v, tx = now(), app = clock_timestamp();
	RELEASE s;
	\sleep :pause ms
	COMMIT;
	SQL

sub store
{
	my ($name, $source) = @_;
	return { name => $name, description => 'd', consistency => 'single', brakes => { deletes => 'off', empty => 'off' }, %$source,
		datasets => [ map { { name => $_, description => 'd', primary_key => ['id'], milestoning => $_ eq 'x' ? 'live' : 'milestoned',
			columns => [ { name => 'id', type => 'integer' }, { name => 'v', type => 'double precision' } ],
			ingestion => { kind => 'sql_watermark', from => 'hammer.t', watermark => $watermarks{$_} } } } sort keys %watermarks ] };
}

# Returns what is wrong, and how many pulls there were.
sub hammer
{
	my ($node, $far, $database, $seconds) = @_;
	my @servers = ($node, $far);
	foreach (@servers)
	{
		$_->safe_psql('postgres', "CREATE DATABASE $database");
		$_->safe_psql($database, 'CREATE SCHEMA hammer; GRANT USAGE ON SCHEMA hammer TO PUBLIC; CREATE TABLE hammer.t (id integer PRIMARY KEY,
			v double precision, tx timestamptz DEFAULT now(), app timestamptz DEFAULT clock_timestamp()); GRANT SELECT ON hammer.t TO PUBLIC');
	}
	my %place = (host => '127.0.0.1', port => $far->port, database => $database);
	my $model = JSON::PP->new->canonical->encode({
		credentials => [ { name => 'crm', description => 'd', kind => 'files', directory => 'crm', roles => ['keeper'], sources => [ \%place ] } ],
		sources => [ { name => 'far', description => 'd', kind => 'postgresql', %place, options => { sslmode => 'disable' }, credential => 'crm' } ],
		stores => [ store('near', { owner => 'keeper' }), store('far', { owner => 'keeper', source => 'far' }) ], workspaces => [] });
	$node->safe_psql($database, "CREATE EXTENSION datasurface; SELECT datasurface.ds_load_model(\$model\$$model\$model\$);
		SELECT count(*) FROM datasurface.ds_reconcile_schema()");
	my $file = PostgreSQL::Test::Utils::tempdir() . '/script';
	append_to_file($file, $script);
	my @writers = map { IPC::Run::start([ 'pgbench', '-n', '-c', $clients, '-T', $seconds, '-f', $file, '-d', $_->connstr($database) ],
			'>', \my $out, '2>', \my $error) } @servers;
	my @streams = map { my $store = $_; map { "$store#$_" } sort keys %watermarks } qw(near far);
	my $run = join ' ', map { "SELECT datasurface.ds_run('$_');" } @streams;
	my ($until, $pulls, @problems) = (time + $seconds, 0);
	while (time < $until)
	{
		$node->safe_psql($database, $run);
		$pulls += @streams;
	}
	$_->finish or push @problems, 'a writer failed' foreach @writers;
	$node->safe_psql($database, $run);
	my @rows = map { $_->safe_psql($database, 'SELECT id, v FROM hammer.t ORDER BY id') } @servers;
	for my $stream (@streams)
	{
		my $table = $stream =~ s/#/./r;
		push @problems, "$stream lacks rows" if $node->safe_psql($database, "SELECT id, v FROM $table ORDER BY id") ne $rows[ $stream =~ /^far/ ];
	}
	my $why = $node->safe_psql($database, "SELECT DISTINCT why_whole FROM datasurface.watermark");
	push @problems, "pulls were whole: $why" if $why ne 'there is no mark yet';
	$_->safe_psql('postgres', "DROP DATABASE $database WITH (FORCE)") foreach @servers;
	return (join("\n", @problems), $pulls);
}

1;
