# A random model whose datasets keep their identity: a column has a number of ours from when it is first declared
# until its values are gone, whatever names and types it has meanwhile.
#
# A column: {number, name, type, nullable, default, was, made}; made: its {name, type, number} in the merge table, undef
# while it is not there.
# A dataset: {d, name, was, columns, key, left, ...}; key: columns; left: made columns that the document no longer has.
package Datasurface::Change::Model;

use strict;
use warnings;
use JSON::PP ();
use Datasurface::Differential::Names qw(column_names dataset_names schema_names quoted_name quoted_text);
use Datasurface::Differential::Random;
use Datasurface::Differential::Types qw(value_sql);

our @owners = ('Own; er', 'next owner');

# $types: of Datasurface::Differential::Types
sub random_model
{
	my ($types) = @_;
	my %model = (
		types => $types,
		keys => [ grep { $_->{key} eq '1' && !$_->{large} } @$types ],
		store => pick(schema_names()),
		owner => $owners[0],
		consistency => pick('multi', 'single'),
		kind => pick('push', 'sql_snapshot', 'sql_snapshot'),
		workspace => 'readers of all',
		gone => [],
		views => chance(60));
	$model{schema} = pick(schema_names()) if chance(50);
	my (%seen, $number);
	my @names = some(1 + roll(3), grep { !$seen{$_}++ } dataset_names());
	$model{datasets} = [ map { random_dataset(\%model, ++$number, $_) } @names ];
	return \%model;
}

sub random_dataset
{
	my ($model, $d, $name) = @_;
	my %seen;
	my %dataset = (
		d => $d,
		name => $name,
		kind => $model->{consistency} eq 'multi' ? $model->{kind} : pick('push', 'sql_snapshot'),
		milestoning => pick('live', 'milestoned', 'milestoned'),
		duplicate_keys => pick('error', 'last'),
		fillfactor => pick(10, 90, 100),
		history_key_index => chance(70),
		columns => [],
		left => [],
		last_number => 0,
		last => 0,
		horizon => 0,
		times => []);
	random_column($model, \%dataset, $_) for some(2 + roll(7), grep { !$seen{$_}++ } column_names());
	$dataset{key} = [ some(pick(1, 1, 2), @{ $dataset{columns} }) ];
	for my $column (@{ $dataset{key} })
	{
		$column->{type} = pick(@{ $model->{keys} });
		$column->{nullable} = 0;
	}
	return \%dataset;
}

sub random_column
{
	my ($model, $dataset, $name) = @_;
	my $column = { number => ++$dataset->{last_number}, name => $name, type => pick(@{ $model->{types} }), new => 1,
		nullable => chance(70) };
	push @{ $dataset->{columns} }, $column;
	return $column;
}

sub is_key { my ($dataset, $column) = @_; return scalar grep { $_ == $column } @{ $dataset->{key} } }

# Its name in the source and the oracle, which never changes.
sub place { my ($column) = @_; return "c$column->{number}" }

sub schema_of { my ($model) = @_; return $model->{schema} // $model->{store} }

sub stream_of
{
	my ($model, $dataset) = @_;
	return $model->{consistency} eq 'multi' ? $model->{store} : "$model->{store}#$dataset->{name}";
}

# The value that rows of before get.
sub default_sql
{
	my ($column) = @_;
	return "NULL::$column->{type}{type}" if $column->{nullable} || !defined $column->{default};
	return quoted_text($column->{default}) . "::$column->{type}{type}";
}

# A value of the type in words, as a document gives it.
sub random_default
{
	my ($type) = @_;
	return pick(grep { !/\A=/ } @{ $type->{values} });
}

sub random_value_sql
{
	my ($column) = @_;
	return 'NULL' if $column->{nullable} && chance(25);
	return value_sql($column->{type}, pick(@{ $column->{type}{values} }), \&quoted_text);
}

# The source gets another type when the tables do, so the query converts until then.
sub query_of
{
	my ($dataset) = @_;
	my @list = map { place($_) . "::$_->{type}{type} AS " . quoted_name($_->{name}) } @{ $dataset->{columns} };
	return 'SELECT ' . join(', ', @list) . " FROM source.s$dataset->{d} ORDER BY pos";
}

sub boolean { return $_[0] ? JSON::PP::true : JSON::PP::false }

sub column_document
{
	my ($dataset, $column) = @_;
	return {
		name => $column->{name}, type => $column->{type}{type}, description => "about $column->{name}",
		(map { defined $column->{$_} ? ($_ => $column->{$_}) : () } qw(was default)),
		is_key($dataset, $column) ? () : (nullable => boolean($column->{nullable})) };
}

sub dataset_document
{
	my ($dataset) = @_;
	return {
		name => $dataset->{name},
		defined $dataset->{was} ? (was => $dataset->{was}) : (),
		description => 'a dataset',
		columns => [ map { column_document($dataset, $_) } @{ $dataset->{columns} } ],
		primary_key => [ map { $_->{name} } @{ $dataset->{key} } ],
		ingestion => $dataset->{kind} eq 'push' ? { kind => 'push' }
		  : { kind => 'sql_snapshot', query => query_of($dataset) },
		(map { $_ => $dataset->{$_} } qw(milestoning duplicate_keys fillfactor)),
		history_key_index => boolean($dataset->{history_key_index}) };
}

sub document
{
	my ($model) = @_;
	my $number = 0;
	my @sinks = map { { store => $model->{store}, dataset => $_->{name}, name => "view $_->{d}" } } $model->{views}
		? @{ $model->{datasets} } : ();
	my $store = {
		name => $model->{store},
		(map { defined $model->{$_} ? ($_ => $model->{$_}) : () } qw(was schema)),
		owner => $model->{owner},
		description => 'a store',
		consistency => $model->{consistency},
		$model->{holds} ? (brakes => { changes => { rows => 0 } }) : (),
		consumers => [ { workspace => $model->{workspace} } ],
		datasets => [ map { dataset_document($_) } @{ $model->{datasets} } ] };
	my $workspace = {
		name => $model->{workspace},
		owner => $owners[0],
		description => 'a workspace',
		groups => [ { name => 'g', description => 'a group', sinks => \@sinks } ] };
	return JSON::PP->new->canonical->encode({ stores => [$store], workspaces => [$workspace] });
}

1;
