# A random model, its source tables, and the JSON document.
package Datasurface::Differential::Model;

use strict;
use warnings;
use JSON::PP ();
use Datasurface::Differential::Brakes;
use Datasurface::Differential::Names qw(column_names dataset_names schema_names quoted_name quoted_text);
use Datasurface::Differential::Random;

# $setting: {types => [...], fits => sub of a name}, and of a test that wants other datasets than random_dataset makes:
# dataset, in its place, and datasets, how many at most.
sub random_model
{
	my ($setting) = @_;
	my $fits = $setting->{fits};
	my %model = (
		fits => $fits,
		types => $setting->{types},
		store => pick(grep { $fits->($_) } 'sales', schema_names()),
		consistency => pick('multi', 'single'),
		kind => pick('push', 'sql_snapshot'),
		workspace => pick('analytics', 'W w', 'work"space'));
	$model{when_held} = pick(undef, undef, 'wait');
	$model{schema} = chance(50) ? $model{store} : pick(grep { $fits->($_) } schema_names());
	$model{schema} = 'data' if $model{schema} eq $model{workspace};
	my ($number, %seen) = (0);
	my $make = $setting->{dataset} // \&random_dataset;
	my @names = some(1 + roll($setting->{datasets} // 4), grep { $fits->($_) } dataset_names());
	$model{datasets} = [ map { $make->(\%model, ++$number, $_) } grep { !$seen{$_}++ } @names ];
	return \%model;
}

sub random_dataset
{
	my ($model, $d, $name) = @_;
	my %seen;
	my @names = grep { !$seen{$_}++ } some(2 + roll(12), grep { $model->{fits}->($_) } column_names());
	my @columns;
	push @columns, random_column($model, $_, 0, @columns) for @names;
	# the key: columns anywhere, in an order of its own
	my @key = some(pick(1, 1, 1, 2, 2, 3), 0 .. $#columns);
	$columns[$_] = random_column($model, $names[$_], 1) for @key;
	my %dataset = (
		d => $d,
		name => $name,
		columns => \@columns,
		key => [ map { $names[$_] } @key ],
		kind => $model->{consistency} eq 'multi' ? $model->{kind} : pick('push', 'sql_snapshot'),
		milestoning => pick('live', 'milestoned', 'milestoned'),
		duplicate_keys => pick('error', 'last'),
		fillfactor => pick(10, 90, 100),
		history_key_index => chance(70),
		star => chance(20));
	$dataset{is_delta} = $dataset{kind} eq 'push' && chance(40);
	$dataset{brakes} = Datasurface::Differential::Brakes::random_brakes(\%dataset);
	return \%dataset;
}

sub random_column
{
	my ($model, $name, $key, @others) = @_;
	my $type = pick(grep { $_->{key} || !$key } @{ $model->{types} });
	# of one type, columns can exchange their values
	$type = $others[-1]{type} if @others && chance(30);
	return { name => $name, type => $type, key => $key, nullable => !$key && chance(80) };
}

# A nullable column that joins; undef when there is no room or no name for one.
sub add_column
{
	my ($model, $dataset) = @_;
	# its rows, or their number of columns, have no room for more
	return if $dataset->{tight};
	my %taken = map { $_->{name} => 1 } @{ $dataset->{columns} };
	my @free = grep { !$taken{$_} && $model->{fits}->($_) } column_names();
	return unless @free;
	my $column = random_column($model, pick(@free), 0);
	$column->{nullable} = 1;
	push @{ $dataset->{columns} }, $column;
	delete $dataset->{query};
	return $column;
}

sub columns_sql
{
	my ($dataset, $prefix) = @_;
	return join ', ', map { $prefix . quoted_name($_->{name}) } @{ $dataset->{columns} };
}

sub query_of
{
	my ($dataset) = @_;
	my @names = map { quoted_name($_->{name}) } shuffled(@{ $dataset->{columns} });
	my $list = $dataset->{star} ? '*' : join ', ', @names;
	# a comment at the end must not swallow what the engine puts behind it
	return "SELECT $list FROM source.d$dataset->{d} ORDER BY \"oracle pos\" -- by arrival";
}

# The query stays the same from one loading of the model to the next, while the columns do.
sub ingestion
{
	my ($dataset) = @_;
	return { kind => 'push', $dataset->{is_delta} ? (rows => 'delta') : () } if $dataset->{kind} eq 'push';
	$dataset->{query} //= query_of($dataset);
	return { kind => 'sql_snapshot', query => $dataset->{query} };
}

sub dataset_document
{
	my ($dataset) = @_;
	my @columns = map {
		{ name => $_->{name}, type => $_->{type}{type}, description => "about $_->{name}",
			$_->{key} ? () : (nullable => $_->{nullable} ? JSON::PP::true : JSON::PP::false) }
	} @{ $dataset->{columns} };
	return {
		name => $dataset->{name},
		description => "It's of \"random\" \\ kinds",
		columns => \@columns,
		primary_key => $dataset->{key},
		ingestion => ingestion($dataset),
		(map { $dataset->{$_} ? ($_ => $dataset->{$_}) : () } qw(brakes checks references)),
		milestoning => $dataset->{milestoning},
		duplicate_keys => $dataset->{duplicate_keys},
		fillfactor => $dataset->{fillfactor},
		history_key_index => $dataset->{history_key_index} ? JSON::PP::true : JSON::PP::false };
}

# Bytes of UTF-8 in, bytes of UTF-8 out.
sub document
{
	my ($model) = @_;
	my @sinks = map { { store => $model->{store}, dataset => $_->{name} } } @{ $model->{datasets} };
	my $store = {
		name => $model->{store},
		schema => $model->{schema},
		owner => 'Own; er',
		description => 'a store',
		consistency => $model->{consistency},
		$model->{when_held} ? (when_held => $model->{when_held}) : (),
		datasets => [ map { dataset_document($_) } @{ $model->{datasets} } ] };
	my $workspace = {
		name => $model->{workspace},
		description => 'a workspace',
		groups => [ { name => 'g', description => 'a group', sinks => \@sinks } ] };
	return JSON::PP->new->canonical->encode({ stores => [$store], workspaces => [$workspace] });
}

# The source of a dataset: its rows in the order of their arrival, and a place to keep an old state of it.
sub source_sql
{
	my ($dataset) = @_;
	my $columns = join ', ', map { quoted_name($_->{name}) . " $_->{type}{type}" } @{ $dataset->{columns} };
	my $d = $dataset->{d};
	return "CREATE TABLE source.d$d (\"oracle pos\" bigint GENERATED ALWAYS AS IDENTITY, $columns);"
	  . " CREATE TABLE source.kept_d$d ($columns); GRANT SELECT ON source.d$d TO \"Own; er\";";
}

# What the oracle must know; the engine says where it put the tables.
sub register_sql
{
	my ($dataset, $model) = @_;
	my $list = sub { 'ARRAY[' . join(', ', map { quoted_text($_) } @_) . ']' };
	my $where = 'store = ' . quoted_text($model->{store}) . ' AND dataset = ' . quoted_text($dataset->{name});
	my $table = sub { "format('%I.%I', schema_name, $_[0])" };
	my $view = sub {
		"(SELECT format('%I.%I', r.schema_name, r.name) FROM datasurface.relation r "
			. "JOIN datasurface.dataset x USING (dataset_id)"
		  . " WHERE x.name = dataset AND r.kind = '$_[0]')";
	};
	my $history = $dataset->{milestoning} eq 'milestoned';
	return "INSERT INTO oracle.dataset SELECT $dataset->{d}, stream, dataset, "
	  . $list->(@{ $dataset->{key} }) . ', '
	  . $list->(map { $_->{name} } @{ $dataset->{columns} }) . ', '
	  . ($dataset->{duplicate_keys} eq 'last' ? 'true' : 'false') . ', '
	  . join(', ', $table->('staging_table'), $table->('merge_table'),
		map({ $history ? $table->($_) : 'NULL' } 'history_table', 'as_of_function'), $view->('view'),
		$history ? $view->('full_view') : 'NULL')
	  . " FROM datasurface.datasets WHERE $where; CALL oracle.begin_dataset($dataset->{d});";
}

1;
