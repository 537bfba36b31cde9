# The SQL that TAP tests share: oracles, and what they look at. It lies in test/sql/lib.
package Datasurface::Sql;
use strict;
use warnings;
use Exporter 'import';
use File::Basename qw(dirname);
use PostgreSQL::Test::Utils qw(slurp_file);

our @EXPORT_OK = qw(sql_file);

my $folder = dirname(__FILE__) . '/../../sql/lib';

sub sql_file
{
	my ($name) = @_;
	return slurp_file("$folder/$name.sql");
}

1;
