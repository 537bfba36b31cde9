# Types of columns, each with values that are few, so that they meet again, and awkward: equal but stored differently,
# at the ends of their range, larger than a page. A value that begins with = is an SQL expression, else a literal.
package Datasurface::Differential::Types;

use strict;
use warnings;
use Exporter qw(import);

our @EXPORT_OK = qw(all_types value_sql);

my @words = ('', ' ', 'a', 'A', 'a ', 'b', q{it's}, 'back\\slash', '"q"', ';', 'NULL', '{}', "two\nlines", "tab\t",
	"\xc3\xa9", "\xc3\x89", "e\xcc\x81", "\xe6\x97\xa5\xe6\x9c\xac", '$$', '0', '(,)');
my @short = ('', 'a', 'A', 'a ', 'b', 'B', 'ab', "\xc3\xa9", 'x y');
my @whole = qw(0 1 2 3 5 -1);
my @decimal = qw(0 0.0 -0.00 1 1.0 1.00 -1 0.1 0.10 NaN 100 1e2 1e30 -0);
my @float = qw(0 -0 1 1.5 -2 NaN Infinity -Infinity 1e-30 3e30 0.1);
my @moment = ('2026-11-20 12:00', '2026-11-20 13:00', 'infinity', '-infinity', '0044-03-15 09:00 BC',
	'1999-12-31 23:59:59.999999');
my @zoned = (map({ "$_+00" } '2026-11-20 12:00', '2026-06-01 00:00'), '2026-11-20 13:00+01', 'infinity', '-infinity');
# a record of NULLs is not NULL, nor is one with an empty record in it
my @nests = ('(,,,)', '("(,)",,,)', '("(1,x)",{1},"[1,5)",3)', '("(1.0,x)",{1.0},"[1,4]",3)', '("(1,x)",{NULL},empty,)',
	'(,{},,-1)', '("(-1,x)",[0:0]={1},"[1,5)",3)');
my @large = ((map { "=repeat('abcd', $_)" } 3000, 6000), (map { "=oracle.noise($_, 12000)" } 1, 2, 3), '', 'small');
# About where a row begins to be compressed, and where to be stored elsewhere.
my @middling = ((map { "=repeat('ab', $_)" } 900, 1000, 1200, 25000), (map { "=oracle.noise($_, 1800)" } 1, 2),
	'=oracle.noise(3, 2500)',
	"=oracle.noise(4, 900) || repeat('x', 1500)", '', "=oracle.noise(5, 50000)");
my @long_keys = ((map { "=repeat('ab', $_)" } 1, 1000, 1500, 4000), (map { "=oracle.noise($_, 700)" } 1, 2),
	"=oracle.noise(1, 300) || repeat('x', 3000)", 'short');

# [type, may it be a key, values, needs]. A key is one for 'sql' when its type has no hash.
my @types = (
	[ 'smallint', 1, [ @whole, qw(32767 -32768) ] ],
	[ 'integer', 1, [ @whole, qw(2147483647 -2147483648) ] ],
	[ 'bigint', 1, [ @whole, qw(9223372036854775807 -9223372036854775808) ] ],
	[ 'numeric', 1, [ @decimal, 'Infinity', '-Infinity', '-1.00' ] ],
	[ 'numeric(8,3)', 1, [qw(0 1 1.5 -99999.999 0.001 2 NaN)] ],
	[ 'real', 1, \@float ],
	[ 'double precision', 1, [ @float, '1e300' ] ],
	[ 'text', 1, \@words ],
	[ 'text', 0, \@large ],
	[ 'text', 0, \@middling ],
	[ 'text', 1, \@long_keys ],
	[ 'bytea', 0, [ map({ "=convert_to(oracle.noise($_, 11000), 'UTF8')" } 4, 5), '\\x', '\\x00' ] ],
	[ 'varchar(10)', 1, \@short ],
	[ 'char(5)', 1, \@short ],
	[ 'bpchar', 1, \@short ],
	[ 'char(5)[]', 1, [ '{}', '{a}', '{"a "}', '{A,b}' ] ],
	[ '"ds types".code', 1, \@short ],
	[ 'name', 1, \@short ],
	[ '"char"', 1, [ 'a', 'b', 'A', '' ] ],
	[ 'bytea', 1, [ '\\x', '\\x00', '\\x00ff', '\\xdeadbeef', '\\x5c' ] ],
	[ 'boolean', 1, [qw(true false)] ],
	[ 'date', 1, [ '2026-11-20', '2026-11-21', 'infinity', '-infinity', '0044-03-15 BC', '9999-12-31' ] ],
	[ 'time', 1, [ '00:00', '24:00', '12:34:56.789', '12:00' ] ],
	[ 'time(0)', 1, [ '00:00', '24:00', '12:34:56.789', '12:00' ] ],
	[ 'timetz', 1, [ '12:00+00', '13:00+01', '12:00-03:30', '00:00+14' ] ],
	[ 'timestamp', 1, \@moment ],
	[ 'timestamptz', 1, \@zoned ],
	[ 'timestamptz(3)', 1, \@zoned ],
	[ 'interval', 1, [ '1 day', '24 hours', '1 mon', '30 days', '0', '-1 day', '1 day -24 hours', '1 year', '-1 us',
		'4294.967295 s' ] ],
	[ 'uuid', 1, [ map { '00000000-0000-0000-0000-00000000000' . $_ } 0 .. 6 ] ],
	[ 'inet', 1, [qw(10.0.0.1 10.0.0.1/32 10.0.0.1/8 ::1 fe80::1/64)] ],
	[ 'cidr', 1, [qw(10.0.0.0/8 10.0.0.0/16 ::/0 192.168.1.1)] ],
	[ 'macaddr', 1, [qw(08:00:2b:01:02:03 08-00-2b-01-02-03 ff:ff:ff:ff:ff:ff)] ],
	[ 'json', 0, [ '{"a":1}', '{"a": 1}', 'null', '[1,2]', '"\\u0041"' ] ],
	[ 'jsonb', 1, [ '{"a":1}', '{"a":1.0}', '{"a": 1, "b": null}', 'null', '[1,2]', '[1.0,2]', '"a"', '{}' ] ],
	[ 'jsonb', 1, [ '1', '1.0', '1.00', '-0', '0', '1e2', '100', '[[1], {"b": [1.0, {"c": null}]}]',
		'[[1.0], {"b": [1, {"c": null}]}]', '{"a": -0.0}' ] ],
	[ 'jsonb', 1, [ '1', '-1', '[1]', '[[1],2]', '[[1,2]]', '[[1],[2]]', '{"a":{"b":1}}', '{"a":{},"b":1}', '[[],[]]',
		'[[[]]]' ] ],
	[ 'jsonb[]', 1, [ '{}', '{1}', '{1.0}', '{NULL}', '{"null"}' ] ],
	[ 'xml', 0, [ '<a/>', '<a></a>', '<a b="c">t</a>', 'plain' ], 'xml' ],
	[ 'integer[]', 1, [ '{}', '{1}', '{1,2}', '{NULL}', '[0:1]={1,2}', '{{1},{2}}', '{2,NULL}' ] ],
	[ 'bigint[]', 1, [ '{}', '{-1}', '{4294967295}', '{1,4294967296}', '{4294967296,1}', '{{1},{4294967296}}' ] ],
	[ 'text[]', 1, [ '{}', '{a}', '{A}', '{NULL}', '{"NULL"}', '{"a,b","c\\"d"}', '{a,b}' ] ],
	[ 'text[]', 1, [ '{a}', '[0:0]={a}', '[-1:0]={a,b}', '{a,b}', '{{a},{b}}', '[2:3][0:0]={{a},{b}}' ] ],
	[ 'numeric[]', 1, [ '{}', '{1}', '{-1}', '{Infinity}', '{1.0}', '{1.00,2}', '{1,2}', '{NaN}', '{NULL}' ] ],
	[ 'double precision[]', 1, [ '{0}', '{-0}', '{1}', '{NaN}' ] ],
	[ 'int4range', 1, [ 'empty', '[1,5)', '[1,4]', '[1,)', '(,)', '[2,3]' ] ],
	[ 'numrange', 1, [ 'empty', '(,)', '[1,2]', '[-1,2]', '[1.0,2.00]', '(1,2)', '[0,)' ] ],
	[ 'tstzrange', 1, [ 'empty', '["2026-01-01 00:00+00","2026-02-01 00:00+00")', '(,)', '["2026-01-01 01:00+01",)' ] ],
	[ 'int4multirange', 1, [ '{}', '{[1,3),[5,7)}', '{[1,7)}' ] ],
	[ 'nummultirange', 1, [ '{}', '{[1,2]}', '{[1.0,2.00]}', '{(,1),(1,)}', '{(,)}' ] ],
	[ 'daterange', 1, [ 'empty', '[2026-01-01,2026-01-31]', '[2026-01-01,2026-02-01)', '(,infinity)', '(,)' ] ],
	[ 'int4range[]', 1, [ '{}', '{empty}', '{"[1,5)"}', '{"[1,4]",NULL}' ] ],
	[ 'point', 0, [ '(0,0)', '(-0,0)', '(1,2)', '(1.5,NaN)' ] ],
	[ 'box', 0, [ '(1,1),(0,0)', '(2,2),(0,0)', '(1,2),(0,0)' ] ],
	[ 'polygon', 0, [ '((0,0),(1,1),(1,0))', '((1,1),(1,0),(0,0))' ] ],
	[ 'bit varying', 1, [ '', '1', '10', '0101', '01010' ] ],
	[ 'bit(3)', 1, [ '000', '101', '111' ] ],
	[ 'bit varying(9)[]', 1, [ '{}', '{"",0}', '{0,00}', '{000000001}' ] ],
	[ '"ds types".flags', 1, [ '000', '100', '101', '111' ] ],
	[ 'money', 1, [ '0', '1.5', '-3', '1000000' ] ],
	[ 'tsvector', 'sql', [ 'a', 'a b', 'b a', 'a:1A b:2', '' ] ],
	[ 'tsquery', 'sql', [ 'a', 'a & b', 'b & a', 'a | b', '!a' ] ],
	[ 'macaddr8', 1, [qw(08:00:2b:01:02:03:04:05 08:00:2b:ff:fe:01:02:03)] ],
	[ 'timestamp[]', 1, [ '{}', '{infinity}', '{2026-11-20 12:00}', '{2026-11-20 12:00,NULL}' ] ],
	[ 'interval[]', 1, [ '{1 day}', '{24 hours}', '{1 mon}', '{30 days,0}' ] ],
	[ 'oid', 1, [qw(0 1 4294967295)] ],
	[ 'pg_lsn', 1, [qw(0/0 0/1 FFFFFFFF/FFFFFFFF)] ],
	[ 'xid8', 1, [qw(0 1 18446744073709551615)] ],
	[ '"ds types"."Mood; x"', 1, [ 'sad', 'so so', q{it's} ] ],
	[ '"ds types".small', 1, \@whole ],
	[ '"ds types".price', 1, [ '1', '1.0', '1.00', '2', '0' ] ],
	[ '"ds types".pair', 1, [ '(1,x)', '(1.0,x)', '(,)', '("1.00","x, y")', '(2,)', '(,"")' ] ],
	[ '"ds types".pair[]', 1, [ '{}', '{"(1,x)"}', '{"(1.0,x)"}', '{NULL}' ] ],
	[ '"ds types".small[]', 1, [ '{}', '{1}', '{1,2}', '{NULL}' ] ],
	[ '"ds types".points', 1, [ '{}', '{1.5}', '{1.50}', '{NaN,0}' ] ],
	[ '"ds types".twins', 1, [ '(1,x)', '(1.0,x)', '(,)', '(2,)' ] ],
	[ '"ds types".mixed', 1, [ '(0,a,1 day)', '(-0,a,1 day)', '(0,"a ",24:00)', '(,,)' ] ],
	[ '"ds types".words', 'sql', [ '(1,a)', '(1,"a b")', '(,)' ] ],
	[ '"ds types".textrange', 1, [ 'empty', '[a,b)', '[B,a]', '[A,)', '(,)' ] ],
	[ '"ds types"."Mood; x"[]', 1, [ '{}', '{sad}', '{sad,"so so"}' ] ],
	[ '"ds types".tiny', 1, \@whole ],
	[ '"ds types".cost', 1, [ '1', '1.0', '0', '-0.0', '1e2', '100' ] ],
	[ '"ds types".nest', 1, \@nests ],
	[ '"ds types".nested', 1, \@nests ],
	[ '"ds types".nest[]', 1, [ '{}', '{NULL}', '{"(,,,)"}', '{"(\\"(1,x)\\",{1},,1)"}',
		'{"(\\"(1.0,x)\\",{1.0},,1)"}' ] ],
	[ '"ds types".citext', 1, [ @short, 'Ab' ], 'citext' ],
	[ '"ds types".citext[]', 1, [ '{a}', '{A}', '{a,b}', '{}', '{NULL}' ], 'citext' ],
	[ '"ds types".label', 1, [ @short, 'Ab' ], 'citext' ],
	[ '"ds types".folded', 1, [ @short, 'Ab' ], 'icu' ],
	[ '"ds types".folded[]', 1, [ '{a}', '{A}', '{a,b}', '{}' ], 'icu' ]);

# Those that this server and database have, with the values that fit its encoding.
sub all_types
{
	my ($features, $fits) = @_;
	my @all;
	for my $entry (@types)
	{
		my ($type, $key, $values, $needs) = @$entry;
		next if $needs && !$features->{$needs};
		my $large = grep { /repeat|noise/ } @$values;
		push @all, { type => $type, key => $key, large => $large, values => [ grep { $fits->($_) } @$values ] };
	}
	return @all;
}

sub value_sql
{
	my ($type, $value, $quote) = @_;
	return "$1::$type->{type}" if $value =~ /\A=(.*)\z/s;
	return $quote->($value) . "::$type->{type}";
}

1;
