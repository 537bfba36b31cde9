# Databases that have the extension in an earlier version, as its package left them. check.sh builds and installs the libraries of
# those versions for tests that use this (make install-previous).
package Datasurface::Previous;

use strict;
use warnings;

use Exporter qw(import);
use PostgreSQL::Test::Cluster;
use Datasurface::Sql qw(sql_file);

our @EXPORT_OK = qw(start_node objects contents kept_rows);

sub start_node
{
	my ($name) = @_;
	my $node = PostgreSQL::Test::Cluster->new($name);
	$node->init;
	$node->append_conf('postgresql.conf', "fsync = off\nautovacuum = off\nlog_statement = none");
	$node->start;
	return $node;
}

# Everything that PostgreSQL knows of the extension, as lines.
sub objects
{
	my ($node, $database) = @_;
	return $node->safe_psql($database, sql_file('extension_objects'));
}

my $catalogs = "SELECT format('datasurface.%I', relname) FROM pg_class
	WHERE relnamespace = 'datasurface'::regnamespace AND relkind = 'r' ORDER BY 1";

# The rows of all catalogs and of these relations, as one digest for each.
sub contents
{
	my ($node, $database, @relations) = @_;
	return join "\n", map {
		"$_ " . $node->safe_psql($database, "SELECT count(*), md5(string_agg(t::text, chr(10) ORDER BY t::text COLLATE \"C\")) FROM $_ t")
	} split(/\n/, $node->safe_psql($database, $catalogs)), @relations;
}

# Keeps what the catalogs hold, and returns a query that counts rows which are gone or whose columns of then are others now.
sub kept_rows
{
	my ($node, $database) = @_;
	my @tables = map {s/.*\.//r} split /\n/, $node->safe_psql($database, $catalogs);
	$node->safe_psql($database, join ';', 'CREATE SCHEMA kept', map {"CREATE TABLE kept.$_ AS TABLE datasurface.$_"} @tables);
	my $changed = join ' UNION ALL ', map {
		"SELECT '$_' WHERE (SELECT count(*) FROM kept.$_) <> (SELECT count(*) FROM datasurface.$_) OR EXISTS (
			SELECT FROM kept.$_ k WHERE NOT EXISTS (SELECT FROM datasurface.$_ t WHERE to_jsonb(t) @> to_jsonb(k)))"
	} @tables;
	return $changed;
}

1;
