# A round: a database of its own, a random model, and batches between random changes of it. Returns undef, or what
# went wrong.
package Datasurface::Change::Round;

use strict;
use warnings;
use Datasurface::Change::Edits;
use Datasurface::Change::Model qw();
use Datasurface::Change::Open;
use Datasurface::Change::Oracle;
use Datasurface::Change::Stopped;
use Datasurface::Differential::Names qw(quoted_name quoted_text);
use Datasurface::Differential::Random;
use Datasurface::Differential::Session;
use Datasurface::Differential::Types qw(all_types);
use Datasurface::Sql qw(sql_file);

sub template
{
	my ($node) = @_;
	return 'template_changes' if $node->safe_psql('postgres',
		q{SELECT 1 FROM pg_database WHERE datname = 'template_changes'});
	$node->safe_psql('postgres', 'CREATE DATABASE template_changes');
	my $session = Datasurface::Differential::Session->connect_to($node, 'template_changes');
	$session->run(sql_file("differential_$_")) for qw(types oracle);
	$session->run('CREATE ROLE "next owner"; GRANT USAGE ON SCHEMA "ds types", source TO PUBLIC; CREATE EXTENSION'
		. ' datasurface');
	$session->run(q{CREATE FUNCTION oracle.quoted(name) RETURNS text LANGUAGE sql
		AS $$ SELECT '"' || replace($1, '"', '""') || '"' $$});
	$session->disconnect;
	return 'template_changes';
}

sub new
{
	my ($class, $node, $seed, $round) = @_;
	begin_with_seed($seed * 1000 + $round);
	my $database = "changes_${seed}_$round";
	$node->safe_psql('postgres', "CREATE DATABASE $database TEMPLATE " . template($node));
	# stops: with calls that are stopped at random moments, which a seed does not repeat, and values larger than a page
	return bless { node => $node, database => $database, run_id => 0, trace => [], stops => $round % 2 == 0,
		session => Datasurface::Differential::Session->connect_to($node, $database) }, $class;
}

sub run
{
	my ($self) = @_;
	my $done = eval {
		$self->prepare;
		for (1 .. $ENV{DATASURFACE_CHANGES} // ($self->{stops} ? 6 : 10))
		{
			if (chance(60)) { $self->change_model }
			$self->batch(pick(@{ $self->{model}{datasets} }), chance(70)) for 1 .. 1 + roll(2);
		}
		1;
	};
	my $problem = $done ? undef : $@;
	$self->{session}->disconnect;
	$self->{node}->safe_psql('postgres', "DROP DATABASE $self->{database} WITH (FORCE)") if $done;
	return $problem;
}

sub prepare
{
	my ($self) = @_;
	my @types = grep { ($self->{stops} || !$_->{large}) && $_->{key} ne 'sql' } all_types({}, sub { 1 });
	my $model = $self->{model} = Datasurface::Change::Model::random_model(\@types);
	Datasurface::Change::Oracle::make($self->{session}, $_) for @{ $model->{datasets} };
	$self->load;
	$self->reconcile;
	return;
}

sub trace { my ($self, $what) = @_; push @{ $self->{trace} }, $what; push @{ $self->{session}{sent} },
	"-- $what"; return }

# ---- the model changes
# ------------------------------------------------------------------------------------------------

sub load
{
	my ($self) = @_;
	$self->{session}->run('SELECT datasurface.ds_load_model('
		. quoted_text(Datasurface::Change::Model::document($self->{model})) . ')');
	$self->trace('loaded');
	Datasurface::Change::Edits::loaded($self->{model});
	return;
}

sub change_model
{
	my ($self) = @_;
	Datasurface::Change::Open::open_batch($self, pick(@{ $self->{model}{datasets} })) if chance(25);
	$self->edit_and_load for 1 .. pick(1, 1, 1, 2, 3);
	return $self->reconcile;
}

sub edit_and_load
{
	my ($self) = @_;
	for (1 .. pick(1, 1, 2, 3, 5))
	{
		my $what = Datasurface::Change::Edits::edit($self->{session}, $self->{model});
		$self->trace($what) if $what;
	}
	return $self->load;
}

my $everything = q{allow => '{rewrite,lossy}'};
my @in_part = ('', q{allow => '{rewrite}'}, q{allow => '{lossy}'});

# In one call or several; some are rolled back. Between two calls the model may change again.
sub reconcile
{
	my ($self) = @_;
	my $session = $self->{session};
	$session->run('SET datasurface.large_table_size = ' . pick(0, 65536));
	$self->add_of_users(pick(@{ $self->{model}{datasets} })) if chance(6);
	for my $call (some(pick(0, 0, 1, 2), @in_part))
	{
		$self->reconcile_once($call);
		Datasurface::Change::Oracle::follow_in_part($session, $_, $self->tables($_)) for @{ $self->{model}{datasets} };
		$self->edit_and_load if chance(25);
	}
	if ($self->{stops})
	{
		for (1 .. pick(0, 1, 1, 2))
		{
			Datasurface::Change::Stopped::reconcile($self, pick($everything, $everything, @in_part));
			$self->let_owners_in;
			Datasurface::Change::Oracle::follow_in_part($session, $_, $self->tables($_)) for @{ $self->{model}{datasets} };
			$self->edit_and_load if chance(15);
		}
	}
	my @planned = $session->run('SELECT object, action, statement FROM datasurface.ds_plan_schema()'
		. q{ WHERE action <> 'orphan' ORDER BY step});
	my @done = map { s/\A.*?\|//r } $self->reconcile_once($everything);
	my $waits = grep { /\A[^|]*\|waiting\|/ } @done;
	die "the plan was\n" . join("\n", @planned) . "\nand the steps\n" . join("\n", @done) . "\n"
		if !$waits && "@planned" ne "@done";
	# steps of a large table need a transaction of their own; as-of answers in between, and the model may change again
	for (my $calls = 0; $waits && $calls < 5; ++$calls)
	{
		for my $dataset (@{ $self->{model}{datasets} })
		{
			Datasurface::Change::Oracle::follow_in_part($session, $dataset, $self->tables($dataset));
			my @problems = Datasurface::Change::Oracle::as_of_counts($session, $dataset, $self->tables($dataset));
			die "dataset $dataset->{d}, half changed:\n" . join("\n", @problems) . "\n" if @problems;
		}
		$self->edit_and_load if chance(25);
		$waits = grep { /\A[^|]*\|[^|]*\|waiting\|/ } $self->reconcile_once($everything);
	}
	my @again = $session->run("SELECT * FROM datasurface.ds_reconcile_schema($everything)");
	die "reconcile has steps left: @again\n" if @again;
	Datasurface::Change::Oracle::follow($session, $_, $self->tables($_)) for @{ $self->{model}{datasets} };
	return $self->check;
}

# Users may add columns and indexes, which stay.
sub add_of_users
{
	my ($self, $dataset) = @_;
	my $merge = $self->tables($dataset)->{merge} or return;
	my $column = pick(grep { $_->{type}{key} && !$_->{type}{large} } map { $_->{made} && $_->{made}{type} eq $_->{type}{type} ? $_
		: () } @{ $dataset->{columns} });
	$self->{session}->run('CREATE INDEX ON ' . $merge . ' (' . quoted_name($column->{made}{name}) . ')') if $column;
	return if $dataset->{of_users}++;
	$self->{session}->run("ALTER TABLE $merge ADD \"their column\" text DEFAULT 'theirs'");
	$self->trace("dataset $dataset->{d}: a user has added a column");
	return;
}

# Returns its steps.
sub reconcile_once
{
	my ($self, $allowed) = @_;
	my $session = $self->{session};
	my $call = "FROM datasurface.ds_reconcile_schema($allowed)";
	$session->run("BEGIN; SELECT count(*) $call; ROLLBACK") if chance(20);
	my @steps = $session->run("SELECT CASE action WHEN 'failed' THEN concat_ws(' ', error, detail, hint) END,"
		. " object, action, statement $call");
	$self->trace("reconciled $allowed");
	$self->let_owners_in;
	my @undone = grep { /\A[^|]+\|/ } @steps;
	die "reconcile: @undone\n" if @undone;
	return @steps;
}

# A schema stays with its owner; the next owner of the store must be let in.
sub let_owners_in
{
	my ($self) = @_;
	my $schema = Datasurface::Change::Model::schema_of($self->{model});
	my ($there) = $self->{session}->run('SELECT 1 FROM pg_namespace WHERE nspname = ' . quoted_text($schema)) or return;
	return $self->{session}->run('GRANT ALL ON SCHEMA ' . quoted_name($schema) . ' TO "Own; er", "next owner"');
}

# ---- what the tables hold
# ---------------------------------------------------------------------------------------------

sub tables
{
	my ($self, $dataset) = @_;
	my $where = 'd.name = ' . quoted_text($dataset->{name});
	my %tables = map { split /\|/, $_, 2 } $self->{session}->run(
		"SELECT kind, format('%I.%I', r.schema_name, r.name) FROM datasurface.relation r JOIN datasurface.dataset"
			. " d USING (dataset_id)"
		  . " WHERE d.in_model AND $where AND kind IN ('merge', 'staging', 'history', 'as_of', 'view')");
	return \%tables;
}

sub check
{
	my ($self) = @_;
	for my $dataset (@{ $self->{model}{datasets} })
	{
		my @problems = Datasurface::Change::Oracle::problems($self->{session}, $dataset, $self->tables($dataset));
		push @problems, $self->check_times($dataset);
		push @problems, $self->{session}->run("SELECT 'is not reconciled' FROM datasurface.datasets WHERE NOT"
			. " reconciled LIMIT 1");
		die "dataset $dataset->{d}:\n" . join("\n", @problems) . "\n" if @problems;
	}
	return;
}

# ---- batches
# ----------------------------------------------------------------------------------------------------------

sub change_source
{
	my ($self, $dataset) = @_;
	my $source = "source.s$dataset->{d}";
	my @columns = @{ $dataset->{columns} };
	my $session = $self->{session};
	my $some = 'random_place < ' . pick(0.1, 0.3, 0.5);
	for (1 .. 1 + roll(3))
	{
		my $row = sub { '(' . join(', ', map { Datasurface::Change::Model::random_value_sql($_) } @columns) . ')' };
		my $rows = join ', ', map { $row->() } 0 .. roll(6);
		my $column = pick(@columns);
		my $set = Datasurface::Change::Oracle::place($column) . ' = '
			. Datasurface::Change::Model::random_value_sql($column);
		my $remainder = 'pos % ' . (2 + roll(4)) . ' = ' . roll(2);
		$session->run(pick(
			("INSERT INTO $source (" . Datasurface::Change::Oracle::list('', @columns) . ") VALUES $rows") x 3,
			("UPDATE $source SET $set WHERE $remainder") x 2,
			"DELETE FROM $source WHERE $remainder"));
	}
	return;
}

# Its stream's datasets together.
sub of_stream
{
	my ($self, $of) = @_;
	return $self->{model}{consistency} eq 'multi' ? @{ $self->{model}{datasets} } : $of;
}

sub next_run { my ($self) = @_; return 'run ' . ++$self->{run_id} }

sub batch
{
	my ($self, $of, $changes) = @_;
	my ($session, $model) = @{$self}{qw(session model)};
	my $open = delete $model->{open};
	($of, $changes) = ($open->{of}, 0) if $open;
	my @datasets = $self->of_stream($of);
	my $run_id = $open ? $open->{run} : $self->next_run;
	my $stream = quoted_text(Datasurface::Change::Model::stream_of($model, $of));
	my %expected;
	my $changes_something = 0;
	for my $dataset (@datasets)
	{
		$self->change_source($dataset) if $changes;
		Datasurface::Change::Oracle::clean($session, $dataset) if $dataset->{duplicate_keys} eq 'error' || chance(50);
		$expected{ $dataset->{d} } = Datasurface::Change::Oracle::expect($session, $dataset);
		$changes_something ||= $expected{ $dataset->{d} } !~ /\A0\|0\|0\|/;
	}
	# the native engine leaves tables with columns of users to the other
	my $engine = pick('auto', 'sql', (grep { $_->{of_users} } @datasets) ? () : 'native');
	$session->run("SET datasurface.merge_engine = $engine");
	my $run = $stream . ', ' . quoted_text($run_id);
	if ($of->{kind} eq 'push' && $open) { Datasurface::Change::Open::take_up_push($self, $stream, $run_id, @datasets) }
	elsif ($of->{kind} eq 'push')
	{
		my $number = $session->run("SELECT datasurface.ds_start_batch($run)");
		Datasurface::Change::Open::stage($self, $stream, $number, 1, @datasets);
	}
	my $answer = $session->run("SELECT datasurface.ds_run($run)");
	my $number = $session->run('SELECT batch FROM datasurface.batches WHERE stream = '
		. "$stream AND '$run_id' = ANY (run_ids)");
	if ($answer eq 'HELD' && $model->{holds})
	{
		$model->{open} = { of => $of, run => $run_id };
		return $self->trace("batch $number of $stream is held");
	}
	die "ds_run($run) answered $answer: " . $session->run('SELECT error_step, error_sqlstate, error_message,'
		. ' error_detail FROM datasurface.batches'
		  . " WHERE stream = $stream ORDER BY batch DESC LIMIT 1") . "\n" if $answer ne 'DONE';
	$self->trace("batch $number of $stream by $engine");
	for my $dataset (@datasets)
	{
		die "batch $number comes after $dataset->{last}\n" if $number <= $dataset->{last};
		my ($counts, $by) = split /;/, $session->run("SELECT concat_ws('|', inserted, updated, deleted,"
			. " unchanged) || ';' || engine || ' ' || coalesce(engine_reason, '')"
			  . " FROM datasurface.batch_datasets WHERE stream = $stream AND batch = $number AND dataset = "
				. quoted_text($dataset->{name}));
		die "batch $number of dataset $dataset->{d}: inserted|updated|deleted|unchanged are $counts, not"
			. " $expected{$dataset->{d}}\n"
			if $counts ne $expected{ $dataset->{d} };
		my $wanted = $engine eq 'sql' || $dataset->{of_users} ? 'sql' : 'native';
		die "batch $number of dataset $dataset->{d} was merged by $by, not $wanted\n" if $by !~ /^$wanted\b/;
		Datasurface::Change::Oracle::publish($session, $dataset, $number);
	}
	$self->keep_time($stream, $number, $changes_something, @datasets);
	return $self->check;
}

# The answer of ds_batch_at for the time of the batch, from now on.
sub keep_time
{
	my ($self, $stream, $number, $changes_something, @datasets) = @_;
	my $time = $self->{session}->run("SELECT finished_at FROM datasurface.batches WHERE stream = $stream"
		. " AND batch = $number");
	for my $dataset (@datasets)
	{
		$dataset->{changed} = $number if $changes_something;
		push @{ $dataset->{times} }, [ quoted_text($time), $dataset->{changed} ] if $dataset->{changed};
	}
	return;
}

sub check_times
{
	my ($self, $dataset) = @_;
	my $stream = Datasurface::Change::Model::stream_of($self->{model}, $dataset);
	my @times = @{ $dataset->{times} } or return;
	my $call = 'SELECT datasurface.ds_batch_at(' . quoted_text($stream);
	my @answers = $self->{session}->run(join '; ', map { "$call, $_->[0])" } @times);
	my ($found, $wanted) = (join(' ', @answers), join(' ', map { $_->[1] } @times));
	return $found eq $wanted ? () : "ds_batch_at answers $found, not $wanted";
}

1;
