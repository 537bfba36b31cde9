# A round: stores over two sources, one of another server and one of this database, with datasets of random kinds. Writers work, streams are
# pulled, calls die; after each pull every dataset of the stream is what the oracle says. Dies with what is wrong.
package Datasurface::Watermarks::Round;

use strict;
use warnings;
use JSON::PP;
use Time::HiRes qw(time usleep);
use Datasurface::Differential::Random;
use Datasurface::Differential::Session;
use Datasurface::StopPoints qw(wait_for_text);
use Datasurface::Watermarks::Oracle qw(is_whole predict apply table history guaranteed check_mark);
use Datasurface::Watermarks::Source;

my @kinds = qw(n b d ts app tx x soft full half snap);
my @points = qw(batch.started ingest.receiving ingest.staged ingest.recorded merge.receiving merge.deleted merge.updated merge.inserted
	merge.applied merge.cleared merge.committed batch.saved);
my @settings = ('datasurface.pull = auto', 'datasurface.pull = staged', 'datasurface.merge_engine = sql', 'datasurface.merge_engine = auto');

my $zone = 'Europe/Zurich';
my %watermarks = (
	n => { column => 'n', type => 'integer', overlap => 10 },
	b => { column => 'b', type => 'bigint', overlap => 5 },
	d => { column => 'd', type => 'date', overlap => '1d', time_zone => $zone },
	ts => { column => 'ts', type => 'timestamp', overlap => '1h', time_zone => $zone },
	app => { column => 'app', type => 'timestamptz', overlap => '1h' },
	tx => { column => 'tx', type => 'timestamptz', stamped_by => 'transaction' },
	x => { type => 'xmin' },
	soft => { column => 'app', type => 'timestamptz', overlap => '1h', deleted_when => 'gone' },
	full => { column => 'app', type => 'timestamptz', overlap => '1h', full_every => '1s' },
	half => { column => 'app', type => 'timestamptz', overlap => '1h', window => 'half_open' });
my %type = (n => 'integer', b => 'bigint', d => 'date', ts => 'timestamp', app => 'timestamptz', tx => 'timestamptz');

# servers: node, far, and the credential's members of the model
sub new
{
	my ($class, $seed, $number, %servers) = @_;
	begin_with_seed($seed * 1000 + $number);
	my $database = "marks_${seed}_$number";
	my $self = bless { %servers, database => $database, trace => [], runs => 0, did => {} }, $class;
	$_->safe_psql('postgres', "CREATE DATABASE $database") foreach @servers{qw(node far)};
	$servers{far}->safe_psql($database, 'ALTER DEFAULT PRIVILEGES GRANT SELECT ON TABLES TO PUBLIC');
	$self->{sources} = { map { $_ => Datasurface::Watermarks::Source->new($_, $servers{ $_ eq 'near' ? 'node' : 'far' }, $database, $self->{trace}) }
			qw(near far) };
	$servers{far}->safe_psql($database, 'GRANT USAGE ON SCHEMA ledger TO PUBLIC');
	$self->connect;
	$self->make;
	return $self;
}

sub connect
{
	my ($self) = @_;
	$self->{session}->disconnect if $self->{session};
	$self->{session} = Datasurface::Differential::Session->connect_to($self->{node}, $self->{database});
	return;
}

sub ask { my ($self, $sql) = @_; return $self->{session}->run($sql); }

sub end
{
	my ($self) = @_;
	$_->end foreach values %{ $self->{sources} };
	$self->{session}->disconnect;
	$_->safe_psql('postgres', "DROP DATABASE $self->{database} WITH (FORCE)") foreach @{$self}{qw(node far)};
	return;
}

# ---- the model -------------------------------------------------------------------------------------------------------

sub make
{
	my ($self) = @_;
	my @stores = map { my $source = $_; map { $self->store($source, $_) } qw(multi single) } qw(near far);
	my %place = (host => '127.0.0.1', port => $self->{far}->port, database => $self->{database});
	my $model = JSON::PP->new->canonical->encode({
		credentials => [ { name => 'crm', description => 'd', kind => 'files', directory => 'crm', roles => ['keeper'], sources => [ \%place ] } ],
		sources => [ { name => 'far', description => 'd', kind => 'postgresql', %place, options => { sslmode => 'disable' },
				credential => 'crm' } ],
		stores => \@stores, workspaces => [] });
	push @{ $self->{trace} }, $model;
	$self->ask("CREATE EXTENSION datasurface; GRANT USAGE ON SCHEMA ledger TO keeper; GRANT SELECT ON ledger.t TO keeper;
		SELECT version FROM datasurface.ds_load_model(\$model\$$model\$model\$)");
	$self->ask('SELECT count(*) FROM datasurface.ds_reconcile_schema()');
	return;
}

sub store
{
	my ($self, $source, $consistency) = @_;
	my $store = "${source}_$consistency";
	my @names = some($consistency eq 'multi' ? 5 : 3, @kinds);
	my @datasets = map { { store => $store, source => $self->{sources}{$source}, name => $_, kind => $_, rows => {}, closed => [],
			nulls => chance(70) ? 'always' : 'ignore', milestoned => chance(50), stamp => $type{$_} && chance(30) ? $_ : '' } } @names;
	push @{ $self->{datasets} }, @datasets;
	push @{ $self->{streams} }, $consistency eq 'multi' ? { name => $store, source => $self->{sources}{$source}, datasets => \@datasets }
		: map { { name => "$store#$_->{name}", source => $self->{sources}{$source}, datasets => [$_] } } @datasets;
	return { name => $store, description => 'd', owner => 'keeper', consistency => $consistency, $source eq 'far' ? (source => 'far') : (),
		brakes => { deletes => 'off', empty => 'off' }, datasets => [ map { definition($_) } @datasets ] };
}

sub definition
{
	my ($dataset) = @_;
	my $kind = $dataset->{kind};
	my $plain = chance(50) || $kind eq 'x';
	my %ingestion = $plain ? (from => 'ledger.t') : (query => 'SELECT *' . ($dataset->{stamp} ? ", $dataset->{stamp} AS stamp" : '') . ' FROM ledger.t');
	if ($kind ne 'snap')
	{
		my %watermark = %{ $watermarks{$kind} };
		$watermark{nulls} = 'ignore' if $dataset->{nulls} eq 'ignore' && $kind ne 'x';
		$watermark{full_every} //= '1000d';
		$ingestion{watermark} = \%watermark;
	}
	elsif (!$plain)
	{
		$ingestion{query} = 'SELECT id, v FROM ledger.t';
	}
	return { name => $dataset->{name}, description => 'd', primary_key => ['id'], milestoning => $dataset->{milestoned} ? 'milestoned' : 'live',
		columns => [ { name => 'id', type => 'integer' }, { name => 'v', type => 'text' },
			$dataset->{stamp} ? { name => 'stamp', type => $type{$kind}, $plain ? (from => $dataset->{stamp}) : () } : () ],
		ingestion => { kind => $kind eq 'snap' ? 'sql_snapshot' : 'sql_watermark', %ingestion } };
}

# ---- what happens ----------------------------------------------------------------------------------------------------

sub run
{
	my ($self, $steps) = @_;
	for (1 .. $steps)
	{
		my $stream = pick(@{ $self->{streams} });
		$stream->{source}->act(1 + roll(8));
		$self->meddle($stream) if chance(12);
		$self->pull($stream);
	}
	$_->settle foreach values %{ $self->{sources} };
	# a window delivers what was committed last, and then a whole pull heals the rest
	for my $stream (@{ $self->{streams} })
	{
		$self->pull($stream, 'calm');
		$self->force($_) foreach @{ $stream->{datasets} };
		$self->pull($stream, 'calm');
		$self->is_equal($_) foreach @{ $stream->{datasets} };
		$self->pull($stream, 'calm');
		$self->wrong("$stream->{name} has changed though its source has not") if $stream->{changed};
	}
	return;
}

sub wrong { my ($self, $text) = @_; die "$text\n"; }

sub force
{
	my ($self, $dataset) = @_;
	return if $dataset->{kind} eq 'snap';
	my ($stream) = grep { my $one = $_; grep { $_ == $dataset } @{ $one->{datasets} } } @{ $self->{streams} };
	push @{ $self->{trace} }, "ds_force_snapshot $stream->{name} $dataset->{name}";
	$self->ask("SELECT datasurface.ds_force_snapshot('$stream->{name}', '$dataset->{name}')");
	return;
}

# A whole pull by order; or a mark as it is when the clock of the source was ahead, or long behind.
sub meddle
{
	my ($self, $stream) = @_;
	my $dataset = pick(@{ $stream->{datasets} });
	my $kind = $dataset->{kind};
	return if $kind eq 'snap';
	$self->{did}{meddled}++;
	return $self->force($dataset) if chance(40);
	my $ahead = chance(60);
	my $hours = $kind eq 'd' ? 48 : 20;
	my $change = $kind =~ /^[nb]$/ ? ($ahead ? '+ 100000' : '- 15') : $kind eq 'x' ? ($ahead ? '+ 1000000' : '- 5')
		: ($ahead ? '+ ' : '- ') . $hours * 3_600_000_000;
	push @{ $self->{trace} }, "the mark of $stream->{name} $dataset->{name} $change";
	$self->ask("UPDATE datasurface.watermark SET mark = mark $change WHERE dataset_id = (SELECT dataset_id FROM datasurface.dataset d
		JOIN datasurface.store s USING (store_id) WHERE s.name = '$dataset->{store}' AND d.name = '$dataset->{name}')");
	return;
}

# ---- a pull ----------------------------------------------------------------------------------------------------------

# by store and dataset
sub marks
{
	my ($self) = @_;
	my %marks;
	for my $line ($self->ask(q{SELECT s.name, d.name, mark, next_whole, whole_at, extract(epoch FROM clock_timestamp() - whole_at), window_rows
		FROM datasurface.watermark JOIN datasurface.dataset d USING (dataset_id) JOIN datasurface.store s USING (store_id)}))
	{
		my ($store, $name, @values) = split /\|/, $line, -1;
		my $has = $marks{"$store $name"} = {};
		@{$has}{qw(mark next_whole whole_at since window_rows)} = @values;
	}
	return \%marks;
}

sub last_batch { my ($self, $stream) = @_; return $self->ask("SELECT last_batch FROM datasurface.streams WHERE stream = '$stream->{name}'"); }

sub pull
{
	my ($self, $stream, $calm) = @_;
	my $source = $stream->{source};
	my $batch_before = $self->last_batch($stream);
	my $before = $self->marks;
	my $first = $source->moment;
	my $rows = $source->rows;
	$self->{runs}++;
	$self->{crashed} = 0;
	my $others = $calm ? $self->call("SELECT datasurface.ds_run('$stream->{name}')") && [] : $self->disturbed_run($stream);
	my $last = $source->moment;
	my $after = $self->marks;
	my $batch = $self->last_batch($stream);
	$stream->{changed} = $batch ne $batch_before;
	push @{ $self->{trace} }, "$stream->{name}: batch $batch";
	my $problem;
	for my $candidate (@$others, $rows)
	{
		my @next;
		$problem = join "\n", map { $self->judge($_, $stream, $candidate, $before, $after, $first, $last, $batch, !@$others && !$self->{crashed}, \@next) }
			@{ $stream->{datasets} };
		next if $problem;
		@{ $_->[0] }{qw(rows closed)} = @{ $_->[1] }{qw(rows closed)} foreach @next;
		return;
	}
	return $self->wrong($problem);
}

# What is wrong with a dataset after the pull; else what it has now goes into next.
sub judge
{
	my ($self, $dataset, $stream, $rows, $before, $after, $first, $last, $batch, $quiet, $next) = @_;
	my $title = "$stream->{name} $dataset->{name} of batch $batch:";
	my $key = "$dataset->{store} $dataset->{name}";
	my ($has, $now) = ($before->{$key} // { mark => '', next_whole => '' }, $after->{$key} // { whole_at => 'snapshot', mark => '' });
	my $expected = is_whole($dataset, $has, $rows, $first, $last);
	my $whole = $now->{whole_at} ne ($has->{whole_at} // '') ? 1 : 0;
	return "$title the pull was " . ($whole ? 'whole' : 'a window') if defined $expected && $expected != $whole;
	$self->{did}{ $whole ? 'whole' : 'windows' }++;
	my $pull = predict($dataset, $rows, $whole, $has, $last->{now});
	my $then = apply($dataset, $pull, $batch);
	my @problems = $self->differences($dataset, $then);
	my $actual = $self->{actual};
	push @problems, map { "row $_->{id} is guaranteed, but missing or old" } grep { my $content = Datasurface::Watermarks::Oracle::content($dataset, $_);
		my $is_gone = $dataset->{kind} eq 'soft' && $_->{gone} eq 't';
		$is_gone ? exists $actual->{ $_->{id} } : ($actual->{ $_->{id} } // '') ne $content } guaranteed($dataset, $rows);
	push @problems, $self->miscounted($dataset, $stream, $then, $batch) if $stream->{changed};
	push @problems, check_mark($dataset, $pull, $has, $now->{mark}, $first, $last, $quiet) if $dataset->{kind} ne 'snap';
	my $read = keys %{ $pull->{read} };
	push @problems, "the window had $now->{window_rows} rows, not $read" if !$whole && $pull->{counted} && $now->{window_rows} != $read;
	$self->{did}{$_} += $then->{$_} foreach qw(inserted updated deleted);
	push @$next, [ $dataset, $then ];
	return map { "$title $_" } @problems;
}

sub columns { my ($dataset) = @_; return 'id, v' . ($dataset->{stamp} ? ', stamp' : ''); }

sub differences
{
	my ($self, $dataset, $then) = @_;
	my $columns = columns($dataset);
	my $name = "$dataset->{store}.$dataset->{name}";
	my @lines = $self->ask("SET TimeZone = 'UTC'; SELECT $columns, ds_surf_batch_in FROM $name ORDER BY id");
	$self->{actual} = { map { /^(\d+)\|(.*)\|\d+$/ } @lines };
	my ($is, $expected) = (join("\n", @lines), table($then->{rows}));
	my @problems;
	push @problems, "the table is\n$is\nnot\n$expected" if $is ne $expected;
	return @problems unless $dataset->{milestoned};
	$is = join "\n", sort $self->ask("SELECT $columns, ds_surf_batch_in, ds_surf_batch_out FROM ${name}_history");
	$expected = history($then->{closed});
	push @problems, "its history is\n$is\nnot\n$expected" if $is ne $expected;
	return @problems;
}

sub miscounted
{
	my ($self, $dataset, $stream, $then, $batch) = @_;
	my $is = $self->ask("SELECT inserted, updated, deleted FROM datasurface.batch_datasets WHERE stream = '$stream->{name}' AND batch = $batch
		AND dataset = '$dataset->{name}'");
	my $expected = join '|', @{$then}{qw(inserted updated deleted)};
	return $is eq $expected ? () : "counts $is, not $expected";
}

sub is_equal
{
	my ($self, $dataset) = @_;
	my $rows = $dataset->{source}->rows;
	my %there = map { $_->{id} => Datasurface::Watermarks::Oracle::content($dataset, $_) }
		grep { $dataset->{kind} ne 'soft' || $_->{gone} eq 'f' } values %$rows;
	my %here = map { $_ => $dataset->{rows}{$_}{content} } keys %{ $dataset->{rows} };
	my @lists = map { my $list = $_; join "\n", map { "$_|$list->{$_}" } sort keys %$list } \%there, \%here;
	$self->wrong("$dataset->{store}.$dataset->{name} is\n$lists[1]\nafter a whole pull of\n$lists[0]") if $lists[0] ne $lists[1];
	return;
}

# ---- calls -----------------------------------------------------------------------------------------------------------

# The last line of the answer.
sub call
{
	my ($self, $sql) = @_;
	push @{ $self->{trace} }, $sql;
	my ($sqlstate, $lines, $error) = $self->attempt($sql);
	return $self->wrong("$sql: $error") if $sqlstate;
	$self->{answer} = $lines->[-1];
	return 1;
}

sub attempt
{
	my ($self, $sql) = @_;
	$self->{session}->post($sql);
	my @answer = $self->{session}->poll(60) or $self->wrong("no answer to $sql");
	push @{ $self->{trace} }, "  $answer[0] @{ $answer[1] } $answer[2]";
	return @answer;
}

# Returns the states that the source had before it came to the last one, if it changed meanwhile.
sub disturbed_run
{
	my ($self, $stream) = @_;
	my $run = "SELECT datasurface.ds_run('$stream->{name}', 'run $self->{runs}'";
	my $dice = roll(100);
	$self->ask('SET ' . pick(@settings)) if chance(40);
	my @others;
	if ($dice < 30) { return $self->until_done($stream, "$run)", 1) }
	elsif ($dice < 55) { @others = $self->by_steps($stream, "$run, budget => '0')") }
	else { $self->die_at($stream, $run . ($dice < 75 ? ', budget => \'0\')' : ')')) }
	return [ @others, @{ $self->until_done($stream, "$run)", 4) } ];
}

sub until_done
{
	my ($self, $stream, $sql, $times) = @_;
	for (1 .. $times)
	{
		$self->call($sql);
		return [] if $self->{answer} eq 'DONE';
	}
	my $why = $self->ask("SELECT error_message, error_detail FROM datasurface.batches WHERE stream = '$stream->{name}' ORDER BY batch DESC LIMIT 1");
	return $self->wrong("$sql never ends: $self->{answer}, $why");
}

# A call for each step. The source goes on between them; the rows that are published are those that were staged, unless a crash has
# emptied what was staged.
sub by_steps
{
	my ($self, $stream, $sql) = @_;
	$self->call($sql);
	return if $self->{answer} eq 'DONE' || chance(30);
	$stream->{source}->act(1 + roll(5));
	$self->{did}{'went on'}++;
	$self->crash if chance(5);
	return $stream->{source}->rows;
}

sub die_at
{
	my ($self, $stream, $sql) = @_;
	my $point = pick(@points);
	my $action = chance(6) ? 'kill' : pick(qw(error error terminate));
	my $since = -s $self->{node}->logfile;
	push @{ $self->{trace} }, "$action at $point: $sql";
	$self->ask("SELECT count(*) FROM datasurface.ds_merge_progress(); SET datasurface.stop_action = '$action'; SET datasurface.stop_at = '$point'");
	my ($sqlstate) = $self->attempt($sql);
	if ($sqlstate eq 'lost' || $sqlstate =~ /^57/)
	{
		$self->{did}{$action}++;
		$self->come_back($since) if $action eq 'kill';
		return $self->connect;
	}
	$self->{did}{error}++ if $sqlstate;
	$self->ask('RESET datasurface.stop_at');
	return;
}

# SIGKILL for a session that does nothing.
sub crash
{
	my ($self) = @_;
	my $since = -s $self->{node}->logfile;
	push @{ $self->{trace} }, 'the server crashes';
	$self->{did}{crash}++;
	kill 'KILL', $self->ask('SELECT pg_backend_pid()');
	$self->come_back($since);
	return $self->connect;
}

sub come_back
{
	my ($self, $since) = @_;
	wait_for_text($self->{node}, qr/all server processes terminated; reinitializing.*ready to accept connections/s, $since);
	$self->{sources}{near}->begin_again;
	$self->{crashed} = 1;
	return;
}

sub summary
{
	my ($self) = @_;
	return "$self->{runs} pulls: " . join ', ', map { "$_ $self->{did}{$_}" } sort keys %{ $self->{did} };
}

1;
