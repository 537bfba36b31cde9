# Random changes of a model, each such that every present value survives it. Each returns a few words on what it did, or
# nothing when there is nothing that it could do.
package Datasurface::Change::Edits;

use strict;
use warnings;
use Datasurface::Change::Model qw();
use Datasurface::Change::Oracle;
use Datasurface::Differential::Names qw(column_names dataset_names schema_names);
use Datasurface::Differential::Random;

my @of_dataset = ((\&add_column) x 3, (\&drop_column) x 2, (\&rename_column) x 3, \&reorder, (\&change_type) x 4,
	(\&change_nullability) x 2, (\&change_key) x 2, \&change_milestoning, \&change_options, \&rename_dataset);
my @of_store = (\&rename_store, \&change_schema, \&change_owner, \&change_consistency, \&change_ingestion,
	\&leave_or_return);

# The document was loaded: what it says by "was" is done.
sub loaded
{
	my ($model) = @_;
	for my $thing ($model, map { $_, @{ $_->{columns} } } @{ $model->{datasets} })
	{
		delete @{$thing}{qw(new renamed)};
		delete $thing->{was} if chance(50);
	}
	delete $_->{gone_now} for @{ $model->{gone} };
	$model->{names_before} = [ map { $_->{name} } @{ $model->{datasets} } ];
	$_->{names_before} = [ map { $_->{name} } @{ $_->{columns} } ] for @{ $model->{datasets} };
	return;
}

sub edit
{
	my ($session, $model) = @_;
	my $done = chance(25) ? pick(@of_store)->($session, $model) : do
	{
		my $dataset = pick(@{ $model->{datasets} });
		my $what = pick(@of_dataset)->($session, $dataset, $model);
		$what && "dataset $dataset->{d}: $what";
	};
	forget_former_names(@{ $model->{datasets} });
	forget_former_names(@{ $_->{columns} }) for @{ $model->{datasets} };
	return $done;
}

# A former name that is declared again is refused.
sub forget_former_names
{
	my (@things) = @_;
	my %declared = map { ($_->{name} // '') => 1 } @things;
	for my $thing (@things)
	{
		delete $thing->{was} if defined $thing->{was} && $declared{ $thing->{was} } && !$thing->{renamed};
	}
	return;
}

# Names that no other has, in this document or in the one before.
sub free
{
	my ($candidates, $before, @things) = @_;
	my %taken = map { $_ => 1 } @{ $before // [] }, map { $_->{name}, $_->{was} // () } @things;
	return grep { !$taken{$_} } @$candidates;
}

# One that left, and whose values the tables still have, comes back under its name there.
sub add_column
{
	my ($session, $dataset, $model) = @_;
	my @left = map { $_->{made}{name} } @{ $dataset->{left} };
	my @free = free([ column_names(), (@left) x 20 ], $dataset->{names_before}, @{ $dataset->{columns} });
	my $name = pick(@free);
	my ($back) = grep { $_->{made}{name} eq $name } @{ $dataset->{left} };
	if ($back)
	{
		$dataset->{left} = [ grep { $_ != $back } @{ $dataset->{left} } ];
		@{$back}{qw(name new nullable)} = ($name, 1, 1);
		delete $back->{was};
		push @{ $dataset->{columns} }, $back;
		return "column $back->{number} comes back as $name";
	}
	my $column = Datasurface::Change::Model::random_column($model, $dataset, $name);
	my $default = Datasurface::Change::Model::random_default($column->{type});
	$column->{nullable} = 1 unless defined $default;
	$column->{default} = $default if !$column->{nullable} || defined $default && chance(30);
	Datasurface::Change::Oracle::declare_column($session, $dataset, $column);
	return "column $column->{number} added as $name $column->{type}{type}"
	  . ($column->{nullable} ? '' : " not null, default $column->{default}");
}

sub drop_column
{
	my ($session, $dataset) = @_;
	my @can = grep { !Datasurface::Change::Model::is_key($dataset, $_) } @{ $dataset->{columns} };
	return unless @can;
	my $column = pick(@can);
	$dataset->{columns} = [ grep { $_ != $column } @{ $dataset->{columns} } ];
	if ($column->{made}) { push @{ $dataset->{left} }, $column }
	else { Datasurface::Change::Oracle::undeclare_column($session, $dataset, $column) }
	return "column $column->{number} dropped, $column->{name}";
}

# "was" is the name in the document before, so there is one rename of a column in a load.
sub rename_to
{
	my ($thing, $name) = @_;
	my $old = $thing->{name};
	@{$thing}{qw(was name renamed)} = ($old, $name, 1);
	return "$old renamed to $name";
}

sub rename_column
{
	my ($session, $dataset) = @_;
	my @can = grep { !$_->{new} && !$_->{renamed} } @{ $dataset->{columns} };
	my @left = map { $_->{made}{name} } @{ $dataset->{left} };
	my @former = map { $_->{made} ? $_->{made}{name} : () } @{ $dataset->{columns} };
	my @free = free([ column_names(), (@left, @former) x 10 ], $dataset->{names_before}, @{ $dataset->{columns} });
	return @can ? 'column ' . rename_to(pick(@can), pick(@free)) : undef;
}

sub reorder
{
	my ($session, $dataset) = @_;
	$dataset->{columns} = [ shuffled(@{ $dataset->{columns} }) ];
	return 'columns reordered';
}

my %wider = (smallint => [qw(integer bigint numeric)], integer => [qw(bigint numeric text)],
	bigint => [qw(numeric text)],
	real => ['double precision'], date => [qw(timestamp timestamptz text)], 'varchar(10)' => [ 'text', 'char(5)' ],
	'char(5)' => [ 'text', 'varchar(10)', 'bpchar' ], 'numeric(8,3)' => [ 'numeric', 'double precision' ],
	text => [qw(varchar(10) bytea integer numeric jsonb)], 'integer[]' => [ 'bigint[]', 'text[]' ],
	json => ['jsonb'], boolean => [qw(integer text)]);

sub change_type
{
	my ($session, $dataset, $model) = @_;
	my $column = pick(@{ $dataset->{columns} });
	my $key = Datasurface::Change::Model::is_key($dataset, $column);
	my @types = grep { $_->{type} ne $column->{type}{type} } @{ $key ? $model->{keys} : $model->{types} };
	my %wanted = map { $_ => 1 } @{ $wider{ $column->{type}{type} } // [] };
	my @wider = grep { $wanted{ $_->{type} } } @types;
	for my $type (some(6, @wider, @wider), some(3, @types))
	{
		my $before = $column->{type};
		my $default = $column->{made} ? undef : Datasurface::Change::Model::random_default($type);
		next if !$column->{made} && !$column->{nullable} && !defined $default;
		my $default_before = $column->{default};
		$column->{type} = $type;
		$column->{default} = $default if defined $column->{default} || !$column->{nullable};
		if (Datasurface::Change::Oracle::converts($session, $dataset, $column)
			&& Datasurface::Change::Oracle::is_unique($session, $dataset, @{ $dataset->{key} }))
		{
			delete $column->{default} unless defined $column->{default};
			Datasurface::Change::Oracle::declare_column($session, $dataset, $column) unless $column->{made};
			return "column $column->{number} from $before->{type} to $type->{type}";
		}
		$column->{type} = $before;
		$column->{default} = $default_before;
	}
	return;
}

# A key has no NULL anyway.
sub change_nullability
{
	my ($session, $dataset) = @_;
	my @can = grep { !Datasurface::Change::Model::is_key($dataset, $_)
		&& (!$_->{nullable} || Datasurface::Change::Oracle::has_no_null($session, $dataset,
			$_)) } @{ $dataset->{columns} };
	return unless @can;
	my $column = pick(@can);
	$column->{nullable} = !$column->{nullable};
	return "column $column->{number} " . ($column->{nullable} ? 'nullable' : 'not null');
}

sub change_key
{
	my ($session, $dataset) = @_;
	my @can = grep { $_->{type}{key} eq '1' && !$_->{type}{large}
		&& Datasurface::Change::Oracle::has_no_null($session, $dataset, $_) } @{ $dataset->{columns} };
	for (1 .. 5)
	{
		my @key = some(1 + roll(3), @can);
		next unless @key && Datasurface::Change::Oracle::is_unique($session, $dataset, @key);
		my @leaving = grep { my $column = $_; !grep { $_ == $column } @key } @{ $dataset->{key} };
		$_->{nullable} = chance(50) ? 1 : 0 for @leaving;
		$dataset->{key} = \@key;
		$_->{nullable} = 0 for @key;
		return 'key is ' . join(', ', map { $_->{number} } @key);
	}
	return;
}

sub change_milestoning
{
	my ($session, $dataset) = @_;
	$dataset->{milestoning} = $dataset->{milestoning} eq 'live' ? 'milestoned' : 'live';
	return $dataset->{milestoning};
}

sub change_options
{
	my ($session, $dataset) = @_;
	$dataset->{fillfactor} = pick(10, 50, 90, 100);
	$dataset->{history_key_index} = !$dataset->{history_key_index} if chance(50);
	$dataset->{duplicate_keys} = pick('error', 'last');
	return 'options';
}

sub rename_dataset
{
	my ($session, $dataset, $model) = @_;
	return if $dataset->{renamed};
	# a name that the tables of another still have is not free
	my @others = grep { $_ != $dataset } @{ $model->{datasets} };
	my @before = (@{ $model->{names_before} }, map { $_->{name}, $_->{made_name} } @others, @{ $model->{gone} });
	return rename_to($dataset, pick(free([ dataset_names(), ($dataset->{made_name}) x 50 ], \@before,
		@{ $model->{datasets} })));
}

sub rename_store
{
	my ($session, $model) = @_;
	return if $model->{renamed};
	my $old = $model->{store};
	my $name = pick(grep { $_ ne $old && $_ ne $model->{workspace} } schema_names());
	@{$model}{qw(was store renamed)} = ($old, $name, 1);
	return "store $old renamed to $name";
}

sub change_schema
{
	my ($session, $model) = @_;
	$model->{schema} = chance(70) ? pick(schema_names()) : undef;
	return 'schema ' . ($model->{schema} // 'of the store');
}

sub change_owner
{
	my ($session, $model) = @_;
	$model->{owner} = pick(@Datasurface::Change::Model::owners);
	return "owner $model->{owner}";
}

# In a multi store all are pulled, or all are pushed.
sub change_consistency
{
	my ($session, $model) = @_;
	return if $model->{open};
	$model->{consistency} = $model->{consistency} eq 'multi' ? 'single' : 'multi';
	my $kind = pick(map { $_->{kind} } @{ $model->{datasets} });
	if ($model->{consistency} eq 'multi') { $_->{kind} = $kind for @{ $model->{datasets} } }
	# for times when each dataset had batches of its own, the store has none
	if ($model->{consistency} eq 'multi') { @{$_}{qw(times changed)} = ([], 0) for @{ $model->{datasets} } }
	return $model->{consistency};
}

sub change_ingestion
{
	my ($session, $model) = @_;
	return if $model->{open};
	my $kind = pick('push', 'sql_snapshot');
	my @changed = $model->{consistency} eq 'multi' ? @{ $model->{datasets} } : pick(@{ $model->{datasets} });
	$_->{kind} = $kind for @changed;
	return "ingestion $kind of " . join(', ', map { $_->{d} } @changed);
}

# A dataset that is not in the document keeps its tables, and finds them when it comes back under its name.
sub leave_or_return
{
	my ($session, $model) = @_;
	return if $model->{open};
	if (my $dataset = shift @{ $model->{gone} })
	{
		if ($dataset->{gone_now})
		{
			unshift @{ $model->{gone} }, $dataset;
			return;
		}
		$dataset->{kind} = $model->{datasets}[0]{kind} if $model->{consistency} eq 'multi';
		$dataset->{renamed} = 1; # the document before does not have it, so no "was" can name it
		push @{ $model->{datasets} }, $dataset;
		# other datasets may have had batches meanwhile
		@{$dataset}{qw(times changed)} = ([], 0);
		return "dataset $dataset->{d} comes back";
	}
	my @can = grep { !$_->{renamed} } @{ $model->{datasets} };
	return if @{ $model->{datasets} } < 2 || !@can;
	my $dataset = pick(@can);
	$model->{datasets} = [ grep { $_ != $dataset } @{ $model->{datasets} } ];
	$dataset->{gone_now} = 1;
	delete $dataset->{was};
	push @{ $model->{gone} }, $dataset;
	return "dataset $dataset->{d} leaves";
}

1;
