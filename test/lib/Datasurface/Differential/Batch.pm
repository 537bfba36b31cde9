# One batch of one stream: the sources change, the oracle takes note, and the engine is called in one of the ways that
# lead to the same end. Dies with what went wrong.
package Datasurface::Differential::Batch;

use strict;
use warnings;
use Datasurface::Differential::Around;
use Datasurface::Differential::Brakes;
use Datasurface::Differential::Changes;
use Datasurface::Differential::Engine;
use Datasurface::Differential::Model;
use Datasurface::Differential::Names qw(quoted_text);
use Datasurface::Differential::Random;
use Datasurface::Differential::Refused;
use Datasurface::Differential::Stopped;

# $stream: {name, kind, datasets, last (batch), staged_ahead, model, waits (when held), other (session)}; it lives from
# batch to batch.
sub new
{
	my ($class, $session, $stream) = @_;
	my $number = $stream->{last} + 1;
	return bless {
		session => $session,
		stream => $stream,
		name => quoted_text($stream->{name}),
		number => $number,
		run_id => random_run_id($stream, $number),
		open => 0 }, $class;
}

# Some batches have one, of their own or that of a batch that was discarded.
sub random_run_id
{
	my ($stream, $number) = @_;
	my $again = delete $stream->{run_id_again};
	return $again if $again && chance(50);
	(my $plain = $stream->{name}) =~ tr/%$#{}()<>@//d; # a run id must not look like a placeholder
	return chance(50) ? quoted_text("run $number of '" . start_of($plain) . "'") : undef;
}

sub run
{
	my ($self) = @_;
	my $stream = $self->{stream};
	$self->{engine} = Datasurface::Differential::Engine::pick_setting(@{ $stream->{datasets} });
	$self->sql("SET datasurface.merge_engine = $self->{engine}");
	$self->sql('SET datasurface.pull = ' . pick('auto', 'staged'));
	$self->change_sources unless $stream->{staged_ahead};
	Datasurface::Differential::Refused::refused($self) if !$stream->{staged_ahead} && chance(20);
	$self->sql("CALL oracle.remember($_->{d}, $self->{number})") for @{ $stream->{datasets} };
	$self->sql("CALL oracle.make_window($_->{d}, $self->{number})")
		for grep { $_->{is_delta} } @{ $stream->{datasets} };
	$self->{has_windows} = 1;
	$self->{total} = $self->sql("SELECT sum(staged) FROM oracle.counts WHERE batch = $self->{number} AND d IN ("
		  . join(', ', map { $_->{d} } @{ $stream->{datasets} }) . ')');
	$stream->{kind} eq 'push' ? $self->pushed : $self->pulled;
	$stream->{last} = $self->{number};
	return $self->check(0) if $self->{discarded};
	$self->repeated if $self->{run_id} && chance(40);
	$self->check(0);
	$self->check_engine($self->{engine});
	return;
}

# As much of a text as leaves room in the 255 bytes of a run id.
sub start_of
{
	my ($text) = @_;
	utf8::decode($text);
	$text = substr $text, 0, 40;
	utf8::encode($text);
	return $text;
}

# Without what brakes warn of.
sub sql
{
	my ($self, $sql) = @_;
	my @lines = $self->{session}->run($sql);
	my $warned = 0;
	# of a warning every line, up to where in the code it came from
	@lines = grep {
		$warned = 1 if /WARNING:  01000: (?:batch \d+ of )?stream /;
		my $ours = $warned;
		$warned = 0 if /^LOCATION:  /;
		!$ours
	} @lines;
	return wantarray ? @lines : join "\n", @lines;
}

sub expect
{
	my ($self, $sql, $wanted) = @_;
	my $answer = $self->sql($sql);
	return if $answer eq $wanted;
	die "batch $self->{number}: $sql\nanswered $answer, not $wanted\n" . $self->why_failed . "\n";
}

sub why_failed
{
	my ($self) = @_;
	return $self->sql("SELECT concat_ws(' ', error_step, error_sqlstate, error_message, error_detail) "
		. "FROM datasurface.batches"
		  . " WHERE stream = $self->{name} AND batch = $self->{number}");
}

sub expect_error
{
	my ($self, $sql, @wanted) = @_;
	my ($sqlstate, $lines) = $self->{session}->attempt($sql);
	die "batch $self->{number}: $sql\nended with '$sqlstate' (@$lines), not @wanted\n"
		unless grep { $_ eq $sqlstate } @wanted;
	return;
}

sub check
{
	my ($self, $thorough) = @_;
	for my $dataset (@{ $self->{stream}{datasets} })
	{
		my @differences = $self->sql("SELECT * FROM oracle.check($dataset->{d}, " . ($thorough ? 'true' : 'false')
			. ')');
		die "after batch $self->{stream}{last}, dataset $dataset->{d}:\n" . join("\n", @differences) . "\n"
			if @differences;
	}
	return;
}

# Within a transaction: what is ours alone.
sub check_tables
{
	my ($self) = @_;
	for my $dataset (@{ $self->{stream}{datasets} })
	{
		my @differences = $self->sql("SELECT * FROM oracle.check_tables($dataset->{d})");
		die "rehearsed batch $self->{number}, dataset $dataset->{d}:\n" . join("\n", @differences) . "\n"
			if @differences;
	}
	return;
}

sub check_engine
{
	my ($self, $setting) = @_;
	for my $dataset (@{ $self->{stream}{datasets} })
	{
		my $found = $self->sql(Datasurface::Differential::Engine::recorded_sql($self->{stream}{name}, $self->{number},
			$dataset->{name}));
		my $wanted = Datasurface::Differential::Engine::record($dataset, $setting);
		die "batch $self->{number}, dataset $dataset->{d}: merged by $found, and not by $wanted\n"
			unless $found eq $wanted;
	}
	return;
}

# ---- the sources -----------------------------------------------------------------------------------------------------

sub change_sources
{
	my ($self) = @_;
	for my $dataset (@{ $self->{stream}{datasets} })
	{
		my $rows = $self->sql("SELECT count(*) FROM source.d$dataset->{d}");
		$self->change($dataset, $_) for Datasurface::Differential::Changes::mutate($dataset, $rows);
		$self->clean($dataset) unless $dataset->{duplicate_keys} eq 'last' && chance(60);
	}
	return;
}

# Of rows that fill a page, some are too large for it.
sub change
{
	my ($self, $dataset, $sql) = @_;
	my ($sqlstate, undef, $error) = $self->{session}->attempt($sql);
	die "$error\nof: $sql\n" if $sqlstate && !($dataset->{tight} && $sqlstate eq '54000');
	return;
}

sub clean { my ($self, $dataset) = @_; return $self->sql("CALL oracle.clean($dataset->{d})") }

# ---- the ways to the end ---------------------------------------------------------------------------------------------

sub arguments { my ($self) = @_; return join ', ', $self->{name}, $self->{run_id} // () }

sub start
{
	my ($self) = @_;
	$self->expect('SELECT datasurface.ds_start_batch(' . $self->arguments . ')', $self->{number}) unless $self->{open};
	$self->{open} = 1;
	return;
}

# In the order of arrival; the columns in any.
sub stage
{
	my ($self) = @_;
	for my $dataset (@{ $self->{stream}{datasets} })
	{
		my $columns = join ', ', map { Datasurface::Differential::Names::quoted_name($_->{name}) } shuffled(@{
			$dataset->{columns} });
		my $staging = $self->sql("SELECT staging FROM oracle.dataset WHERE d = $dataset->{d}");
		if ($dataset->{is_delta} && $self->{has_windows})
		{
			$self->sql("INSERT INTO $staging ($columns, ds_surf_deleted) SELECT $columns, \"oracle deleted\""
				. " FROM oracle.window_d$dataset->{d} ORDER BY \"oracle order\"");
			next;
		}
		$self->sql("INSERT INTO $staging ($columns) SELECT $columns FROM source.d$dataset->{d}
			ORDER BY \"oracle pos\"");
	}
	return;
}

sub expect_staged
{
	my ($self, $wanted) = @_;
	my $found = 0;
	for my $dataset (@{ $self->{stream}{datasets} })
	{
		my $staging = $self->sql("SELECT staging FROM oracle.dataset WHERE d = $dataset->{d}");
		$found += $self->sql("SELECT count(*) FROM $staging");
	}
	die "batch $self->{number}: $found rows are in staging, not $wanted\n" if $found != $wanted;
	return;
}

sub seal
{
	my ($self) = @_;
	my ($call, $total) = ("SELECT datasurface.ds_ingest($self->{name}, $self->{number}", $self->{total});
	$self->expect_error("$call, " . ($total + 1) . ')', 'SF015') if chance(10);
	$self->expect($call . ($total == 0 || chance(50) ? ", rows => $total)" : ')'), $total);
	return;
}

sub pushed
{
	my ($self) = @_;
	my $stream = $self->{stream};
	$self->start;
	$self->stage unless $stream->{staged_ahead};
	$self->seal;
	if (!$stream->{staged_ahead} && chance(10))
	{
		$self->expect("SELECT datasurface.ds_reset_batch($self->{name}, $self->{number})", 'started');
		$self->expect_staged(0);
		$self->stage;
		$self->seal;
	}
	$self->sql("SELECT datasurface.ds_fail_batch($self->{name}, $self->{number}, 'it''s a test')") if chance(5);
	# which rows a window has is known once the batch before it is
	$stream->{staged_ahead} = chance(15) && !grep { $_->{is_delta} } @{ $stream->{datasets} };
	if ($stream->{staged_ahead})
	{
		$self->change_sources;
		$self->stage;
	}
	$self->publish(pick(qw(merge run run_to_end)));
	$self->expect_staged($stream->{staged_ahead}
		? $self->sql('SELECT ' . join(' + ', map { "(SELECT count(*) FROM source.d$_->{d})" } @{ $stream->{datasets} }))
		: 0);
	return;
}

sub pulled
{
	my ($self) = @_;
	my $way = pick(qw(run run run_to_end by_budget merge));
	if ($way eq 'merge' || chance(20))
	{
		$self->start;
		$self->expect("SELECT datasurface.ds_ingest($self->{name}, $self->{number})", $self->{total});
		# what the source holds after that is no longer the batch's, unless a run pulls it anew
		$self->{moved_on} = $way eq 'merge';
		$self->sql(Datasurface::Differential::Changes::remove($_)) for $way eq 'merge' ? @{ $self->{stream}{datasets} }
			: ();
	}
	$self->publish($way);
	$self->expect_staged(0);
	return;
}

sub publish
{
	my ($self, $way) = @_;
	my ($verdict, $findings, $referring) = Datasurface::Differential::Brakes::verdict($self);
	return Datasurface::Differential::Stopped::stopped($self, $way, $verdict, $findings, $referring)
		if $verdict eq 'hold' || $verdict eq 'fail';
	my $run = 'SELECT datasurface.ds_run(' . $self->arguments . ')';
	my $merge = "SELECT count(*) FROM datasurface.ds_merge_staging($self->{name}, $self->{number})";
	my ($call, $answer) = $way eq 'merge' ? ($merge, scalar @{ $self->{stream}{datasets} }) : ($run, 'DONE');
	my @engines = Datasurface::Differential::Engine::others($self->{engine}, @{ $self->{stream}{datasets} });
	$self->rehearse($_, $call, $answer, $way) for grep { chance(60) } @engines;
	if ($way eq 'by_budget') { $self->publish_by_budget }
	elsif ($way eq 'run_to_end') { $self->sql('CALL datasurface.ds_run_to_end(' . $self->arguments . ')') }
	else { Datasurface::Differential::Around::call($self, $self->{stream}{other}, $call, $answer) }
	$self->record;
	$self->expect(Datasurface::Differential::Brakes::findings_sql($self), $findings);
	return;
}

sub publish_by_budget
{
	my ($self) = @_;
	for (1 .. 4)
	{
		my $outcome = $self->sql('SELECT datasurface.ds_run(' . $self->arguments . ", budget => '0')");
		return if $outcome eq 'DONE';
		die "batch $self->{number}: ds_run answered $outcome\n" . $self->why_failed . "\n"
			if $outcome ne 'KEEP_WORKING';
	}
	die "batch $self->{number}: ds_run keeps working\n";
}

# A pull without a run id that has changed nothing has no batch. Then the same rows are pulled with a run id, and have one.
sub record
{
	my ($self) = @_;
	my $number = $self->{number};
	my $newest = $self->sql("SELECT last_batch FROM datasurface.streams WHERE stream = $self->{name}");
	return if $newest == $number;
	die "batch $number: the stream is at $newest\n" if $newest != $number - 1;
	die "batch $number: a run with an id has no batch\n" if $self->{run_id};
	my $changes = $self->sql("SELECT sum(inserted + updated + deleted) FROM oracle.counts WHERE batch = $number AND d IN ("
		  . join(', ', map { $_->{d} } @{ $self->{stream}{datasets} }) . ')');
	die "batch $number has $changes changes, and was not recorded\n" if $changes != 0;
	$self->expect("SELECT datasurface.ds_run($self->{name}, 'to record batch $number')", 'DONE');
	return;
}

# The same batch through another engine, up to its last moment.
sub rehearse
{
	my ($self, $engine, $call, $answer, $way) = @_;
	my $refused = $engine eq 'native'
		&& grep { Datasurface::Differential::Engine::obstacle($_) } @{ $self->{stream}{datasets} };
	$self->sql('BEGIN');
	$self->sql("SET LOCAL datasurface.merge_engine = $engine");
	if ($refused)
	{
		$self->expect($call, 'FAILED') if $way ne 'merge';
		$self->expect_error($way eq 'merge' ? $call : 'SELECT datasurface.ds_require(' . $self->arguments . ')',
			'0A000');
	}
	else
	{
		$self->expect($call, $answer);
		$self->record;
		$self->check_tables;
		$self->check_engine($engine);
	}
	$self->sql('ROLLBACK');
	return;
}

# A caller that does not know what became of its call asks again, by the same run id.
sub repeated
{
	my ($self) = @_;
	# the id was not said where the steps went by number
	return unless $self->sql("SELECT count(*) FROM datasurface.batches WHERE stream = $self->{name} "
		. "AND $self->{run_id} = ANY (run_ids)");
	$self->expect('SELECT datasurface.ds_run(' . $self->arguments . ')', 'DONE');
	$self->expect('SELECT datasurface.ds_start_batch(' . $self->arguments . ')', $self->{number});
	$self->expect('SELECT datasurface.ds_require(' . $self->arguments . ')', $self->{number});
	return;
}

1;
