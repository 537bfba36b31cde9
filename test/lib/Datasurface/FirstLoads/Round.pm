# A round: one dataset of a random kind is loaded in chunks, from another server or from this database, while its source changes, calls die, and
# servers crash. Nothing of it shows until the batch that publishes it; then it is what the source was. Dies with what is wrong.
package Datasurface::FirstLoads::Round;

use strict;
use warnings;
use JSON::PP;
use Time::HiRes qw(time usleep);
use Datasurface::Differential::Random;
use Datasurface::Differential::Session;
use Datasurface::FirstLoads::Calls;
use Datasurface::FirstLoads::Judge;
use Datasurface::FirstLoads::Poller;
use Datasurface::FirstLoads::Table;

our @ISA = qw(Datasurface::FirstLoads::Calls Datasurface::FirstLoads::Judge);

# servers: node, far
sub new
{
	my ($class, $seed, $number, %servers) = @_;
	# seeds that follow each other begin with nearly the same draws
	begin_with_seed(($seed * 1000 + $number) * 2_654_435_761 % 2**32);
	my $database = "loads_${seed}_$number";
	my $self = bless { %servers, database => $database, trace => [], did => {}, sessions => [] }, $class;
	$_->safe_psql('postgres', "CREATE DATABASE $database") foreach @servers{qw(node far)};
	$self->{place} = chance(60) ? 'far' : 'near';
	$self->{consistency} = chance(50) ? 'multi' : 'single';
	$self->{stream} = $self->{consistency} eq 'multi' ? 'shop' : 'shop#t';
	$self->{milestoned} = chance(50);
	$self->{connections} = chance(60) ? 1 : 2 + roll(2);
	$self->{table} = Datasurface::FirstLoads::Table->new($servers{ $self->{place} eq 'far' ? 'far' : 'node' }, $database, $self->{trace},
		$self->{place} eq 'far' ? ('reader', 1) : ('keeper', 0));
	# about 20 chunks at most
	my $least = 3 + int($self->{table}{rows} / 20);
	$self->{chunk_rows} = $least + roll(chance(50) ? 5 : 50);
	push @{ $self->{trace} }, join ' ', map { "$_ $self->{$_}" } qw(place consistency milestoned connections chunk_rows);
	$self->connect;
	$self->ask('CREATE EXTENSION datasurface');
	return $self;
}

# Sessions that make calls, and one that looks.
sub connect
{
	my ($self) = @_;
	$_->disconnect foreach @{ $self->{sessions} }, $self->{looks} // ();
	($self->{looks}, @{ $self->{sessions} }) =
		map { Datasurface::Differential::Session->connect_to($self->{node}, $self->{database}) } 0 .. $self->{connections} + 1;
	$_->run("SET TimeZone = 'UTC'") foreach $self->{looks}, @{ $self->{sessions} };
	return;
}

sub ask { my ($self, $sql) = @_; return $self->{looks}->run($sql); }
sub wrong { my ($self, $text) = @_; die "$text\n"; }
sub tell { my ($self, $text) = @_; push @{ $self->{trace} }, $text; return; }

sub end
{
	my ($self) = @_;
	$_->disconnect foreach @{ $self->{sessions} }, $self->{looks};
	$self->{poller}->end;
	$self->{table}->end;
	$_->safe_psql('postgres', "DROP DATABASE $self->{database} WITH (FORCE)") foreach @{$self}{qw(node far)};
	return;
}

sub summary
{
	my ($self) = @_;
	my $table = $self->{table};
	return "$self->{place} $self->{consistency} $table->{shape} $table->{kind}" . ($table->{marked} ? ' with a mark' : '') . ", $table->{rows} rows by $self->{chunk_rows}: "
		. join ', ', map { "$_ $self->{did}{$_}" } sort keys %{ $self->{did} };
}

# ---- the model -------------------------------------------------------------------------------------------------------

# first: with the dataset that is loaded in chunks
sub declare
{
	my ($self, $first) = @_;
	my %place = (host => '127.0.0.1', port => $self->{far}->port, database => $self->{database});
	my $of_store = $self->{of_store} //= chance(30);
	my %first_load = (first_load => { chunk_rows => $self->{chunk_rows}, $self->{connections} > 1 || chance(50)
			? (connections => $self->{connections}) : () });
	my %dataset = (description => 'd', milestoning => $self->{milestoned} ? 'milestoned' : 'live');
	my %old = (name => 'old', %dataset, primary_key => ['id'], columns => [ { name => 'id', type => 'integer' }, { name => 'v', type => 'text' } ],
		ingestion => { kind => 'sql_snapshot', from => 'ledger.old' }, $of_store ? (first_load => 'whole') : ());
	my $table = $self->{table};
	my %new = (name => 't', %dataset, primary_key => [ map { $_->[0] } @{ $table->{key} } ], columns => $table->columns,
		ingestion => { $table->ingestion }, $of_store || !$first ? () : %first_load);
	my @datasets = ($self->{consistency} eq 'multi' ? \%old : (), $first || $self->{late} ? \%new : ());
	my @sinks = map { my $name = $_->{name}; $name eq 't' ? ({ store => 'shop', dataset => 't' },
			{ store => 'shop', dataset => 't', name => 'part', where => 'w > 5', columns => [ 'w', 'v' ] }) : { store => 'shop', dataset => $name } } @datasets;
	my $model = JSON::PP->new->canonical->encode({
		credentials => [ { name => 'crm', description => 'd', kind => 'files', directory => 'crm', roles => ['keeper'], sources => [ \%place ] } ],
		sources => [ { name => 'far', description => 'd', kind => 'postgresql', %place, options => { sslmode => 'disable' }, credential => 'crm' } ],
		stores => [ { name => 'shop', description => 'd', owner => 'keeper', consistency => $self->{consistency}, $self->{place} eq 'far' ? (source => 'far')
					: (), brakes => { deletes => 'off', empty => 'off' }, datasets => \@datasets, $of_store && $first ? %first_load : () } ],
		workspaces => [ { name => 'desk', description => 'd', groups => [ { name => 'g', description => 'd', sinks => \@sinks } ] } ] });
	$self->tell($model);
	$self->ask("SELECT version FROM datasurface.ds_load_model(\$model\$$model\$model\$)");
	my $failed = $self->ask(q{SELECT * FROM datasurface.ds_reconcile_schema() WHERE action = 'failed'});
	$self->wrong("reconcile: $failed") if $failed;
	return;
}

# ---- what happens ----------------------------------------------------------------------------------------------------

sub run
{
	my ($self) = @_;
	if ($self->{consistency} eq 'multi')
	{
		$self->declare(0);
		$self->ask("SELECT datasurface.ds_run('shop')") foreach 0 .. roll(4);
		$self->{published} = 1;
	}
	$self->declare(1);
	$self->{poller} = Datasurface::FirstLoads::Poller->new($self->{node}, $self->{database}, $self->shown);
	for my $step (1 .. 300)
	{
		last if $self->step($step);
		$self->wrong('the load never ends') if $step == 300;
	}
	$self->is_published;
	$self->goes_on;
	return;
}

# Returns whether the dataset is published.
sub step
{
	my ($self, $step) = @_;
	my $table = $self->{table};
	my $before = $self->state;
	my $last = $before->{state} eq 'loaded';
	$self->correct_what_is_odd($before);
	if (!$last || chance(30))
	{
		$table->act(roll(4));
		$table->make_odd if !$table->{odd} && !$self->{had_odd} && chance($table->{odd_chance} // 3);
		$self->{had_odd} ||= $table->{odd};
	}
	return $self->closes if $last;
	if ($step > 3 && chance(3)) { $self->reset_load }
	elsif ($step > 3 && chance(8)) { return $self->to_end }
	else { $self->load_a_chunk($before) }
	return $self->state->{state} eq 'published';
}

# A row that cannot be loaded stays for some calls: they fail, or have not come to it.
sub correct_what_is_odd
{
	my ($self, $before) = @_;
	my $table = $self->{table};
	return if !$table->{odd} || (!$self->{failed_of_it} && $before->{state} ne 'loaded') || chance(30);
	return if $before->{state} eq 'loaded' && !$self->{failed_of_it};
	$self->tell('corrected');
	$table->correct;
	$self->{failed_of_it} = 0;
	return;
}

sub load_a_chunk
{
	my ($self, $before) = @_;
	my @rows = $self->loaded_rows;
	my $left = ($before->{chunks} || 0) - ($before->{chunks_done} || 0);
	# near its end the load may become complete by one call, and be closed by another beside it
	my $many = $self->{connections} > 1 && chance(60);
	my $calm = $many && $left < 3 * $self->{connections};
	my $acts = $calm ? 0 : roll(3);
	$self->{did}{calls}++;
	my $fine = $self->disturbed($self->budget_call, $many ? $self->{connections} : 1, $acts);
	my $after = $self->state;
	$self->{did}{chunks} += ($after->{chunks_done} || 0) - ($before->{chunks_done} || 0);
	return if $after->{state} eq 'published';
	$self->nothing_shows;
	# who begins a load removes what one before has left
	$self->has_kept(\@rows) if $before->{state} ne 'waiting';
	$self->wrong("chunks done went back from $before->{chunks_done} to $after->{chunks_done}")
		if ($before->{chunks_done} || 0) > ($after->{chunks_done} || 0);
	return;
}

# All chunks are there. What the batch has to count is known when the source is left alone.
sub closes
{
	my ($self) = @_;
	my $table = $self->{table};
	$table->finish;
	my @here = $self->loaded_rows;
	# a window that follows the batch that could not publish it does not see deletes
	$self->force if $table->{marked} && $self->{did}{'not yet published'};
	my $reader = chance(15) ? $self->reader_in_the_way : undef;
	my $fine = $self->disturbed($self->budget_call, 1, 0, 'closing');
	my $state = $self->state;
	$self->nothing_shows if $state->{state} ne 'published' && !$reader;
	if ($reader)
	{
		$self->wrong('it is published under the eyes of a reader') if $state->{state} eq 'published';
		eval { $reader->run('COMMIT') }; # a crash has ended it
		$reader->disconnect;
	}
	if ($fine && $self->{answer} eq 'DONE' && !$table->{odd})
	{
		$self->has_counted(\@here);
		$self->{did}{'not yet published'}++ if $state->{state} ne 'published';
	}
	return $state->{state} eq 'published';
}

# In one call, by a procedure that commits between chunks.
sub to_end
{
	my ($self) = @_;
	my $table = $self->{table};
	$table->finish;
	$table->correct if $table->{odd};
	$self->{failed_of_it} = 0;
	$self->{did}{'to the end'}++;
	my $run_id = chance(30) ? ", 'run " . ($self->{did}{done} // 0) . "'" : '';
	my $sessions = chance(40) ? $self->{connections} : 1;
	$self->disturbed("CALL datasurface.ds_run_to_end('$self->{stream}'$run_id)", $sessions, 0);
	my $batches = $self->ask("SELECT count(*) FROM datasurface.batches WHERE stream = '$self->{stream}' AND state = 'committed'");
	$self->wrong('it has come to its end without a batch') if $self->{answer} eq 'done' && $sessions == 1 && !$batches;
	return $self->state->{state} eq 'published';
}

sub reset_load
{
	my ($self) = @_;
	$self->{did}{reset}++;
	$self->tell('reset');
	$self->ask("SELECT datasurface.ds_reset_load('$self->{stream}', 't')");
	my $state = $self->state->{state};
	$self->wrong("the load is $state after its reset") if $state ne 'waiting';
	return;
}

sub force
{
	my ($self) = @_;
	$self->tell('force a snapshot');
	$self->ask("SELECT datasurface.ds_force_snapshot('$self->{stream}', 't')");
	return;
}

# After it the dataset is one as all others.
sub goes_on
{
	my ($self) = @_;
	my $table = $self->{table};
	my $then = $self->{content};
	$table->act(5);
	$table->finish;
	$self->force if $table->{marked};
	my $answer = $self->ask("SELECT datasurface.ds_run('$self->{stream}')");
	$self->wrong("the batch after it is $answer") if $answer ne 'DONE';
	$self->is_the_source('after one more batch');
	$self->was($self->{batch}, $then) if $self->{milestoned};
	return;
}

1;
