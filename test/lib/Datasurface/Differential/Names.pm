# Names that hurt: of SQL, of the aliases inside the engine's statements, of 63 bytes and more. Bytes of UTF-8.
package Datasurface::Differential::Names;

use strict;
use warnings;
use Exporter qw(import);

our @EXPORT_OK = qw(column_names dataset_names schema_names quoted_name quoted_text fits_latin1);

my @plain = qw(id amount note created_at code region MiXeD UPPER);

my @inside = qw(s m d g n key batch diff place relation change closed deleted updated inserted incomplete count
  ctid1 xmin1 oid ds_surf DS_SURF_PLACE arrival batch_in records r x i u);

my @reserved = qw(user select order group table column null true default all from where row values returning end);

my @hostile = (
	'ds surf', 'a"b', '"', '""', q{x'y}, q{'}, q{''}, 'semi;colon', '; DROP TABLE x; --', '$$', '$1', '$x$',
		'back\\slash',
	'\\', '%I', '100%', '%%s', '-- comment', '/* c */', 'a.b', ':v', '{', '{a,b}', ',', '(', '1', '0abc', ' lead',
		'trail ',
	'a=b', '~', '@@', '?', "\xc3\xbcn\xc3\xafc\xc3\xb6d\xc3\xa9", "\xe6\x97\xa5\xe6\x9c\xac", "\xf0\x9f\x90\x98",
	"e\xcc\x81", "\xd0\xb8\xd0\xbc\xd1\x8f", "\xc2\xa0x");

sub column_names
{
	return (@plain, @plain, @inside, @inside, @reserved, @hostile, 'x' x 63, "\xc3\xa9" x 31);
}

# '#' separates store and dataset in the name of a stream. Long names are cut for their tables.
sub dataset_names
{
	my @long = ('x' x 63, 'x' x 58, "\xc3\xa9" x 31, 'x' . "\xc3\xa9" x 99, 'long name ' x 15 . 'end',
		"\xe6\x97\xa5\xe6\x9c\xac" x 33);
	return (@plain, @inside, @reserved, @hostile, (@long) x 2);
}

sub schema_names
{
	return ('sales', 's', 'm', 'user', 'MiXeD', @hostile, 'y' x 63);
}

sub quoted_name
{
	my ($name) = @_;
	return '"' . $name =~ s/"/""/gr . '"';
}

sub quoted_text
{
	my ($text) = @_;
	my $quoted = q{'} . $text =~ s/'/''/gr . q{'};
	return $quoted unless $quoted =~ /\\/;
	return ' E' . $quoted =~ s/\\/\\\\/gr;
}

sub fits_latin1
{
	my ($text) = @_;
	return $text =~ /\A(?:[\x00-\x7f]|\xc2[\xa0-\xbf]|\xc3[\x80-\xbf])*\z/;
}

1;
