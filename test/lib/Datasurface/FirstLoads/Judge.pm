# What a load must have left, before and after its dataset is published.
package Datasurface::FirstLoads::Judge;

use strict;
use warnings;

my $open = 2147483647;

# Of the view of loads; a dataset that is not there yet waits.
sub state
{
	my ($self) = @_;
	my %state;
	@state{qw(state cut_by chunks_done chunks loaded skipped error_sqlstate)} = split /\|/, $self->ask("SELECT state, cut_by, chunks_done, chunks, loaded, skipped, error_sqlstate
		FROM datasurface.loads WHERE dataset = 't'") || 'waiting||||||', -1;
	$self->tell("  state: " . join ' ', map { "$_ $state{$_}" } grep { $state{$_} ne '' } sort keys %state);
	return \%state;
}

sub payload { my ($self) = @_; return $self->{table}->key_names . ', v, w, x'; }

sub loaded_rows
{
	my ($self) = @_;
	return sort $self->ask('SELECT ' . $self->payload . ' FROM shop.t');
}

# What chunks before have committed stays, whatever happens to the next one.
sub has_kept
{
	my ($self, $before) = @_;
	my %now = map { $_ => 1 } $self->loaded_rows;
	my @gone = grep { !$now{$_} } @$before;
	$self->wrong('rows of earlier chunks are gone: ' . join ' ', @gone) if @gone;
	return;
}

# What shows all rows to consumers.
sub shown
{
	my ($self) = @_;
	return ('desk.t', $self->{milestoned} ? ('desk.t_full', 'shop.t_as_of(2147483646)') : ());
}

sub nothing_shows
{
	my ($self) = @_;
	my $shown = $self->ask('SELECT concat_ws(\' \', ' . join(', ', map { "(SELECT count(*) FROM $_)" } $self->shown, $self->{milestoned}
				? 'desk.part_full' : ()) . ", (SELECT count(*) FROM desk.part))");
	$self->wrong("what is not published shows: $shown") if $shown =~ /[1-9]/;
	return;
}

# The counts of the last batch, which has found these rows in the merge table.
sub has_counted
{
	my ($self, $here) = @_;
	my $width = @{ $self->{table}{key} };
	my $by_key = sub { my %rows; for my $row (@_) { $rows{ join '|', (split /\|/, $row, -1)[ 0 .. $width - 1 ] } = $row } return \%rows; };
	my ($old, $new) = ($by_key->(@$here), $by_key->(@{ $self->{table}->content }));
	my %count = (inserted => scalar(grep { !exists $old->{$_} } keys %$new), deleted => scalar(grep { !exists $new->{$_} } keys %$old),
		updated => scalar(grep { exists $old->{$_} && $old->{$_} ne $new->{$_} } keys %$new),
		unchanged => scalar(grep { exists $old->{$_} && $old->{$_} eq $new->{$_} } keys %$new));
	my @names = qw(inserted updated deleted unchanged);
	my $is = $self->ask("SELECT inserted, updated, deleted, unchanged FROM datasurface.batch_datasets WHERE stream = '$self->{stream}' AND dataset = 't'
		ORDER BY batch DESC LIMIT 1");
	my $expected = join '|', @count{@names};
	$self->wrong("the closing batch counts $is (@names), not $expected") if $is ne $expected;
	$self->{did}{$_} += $count{$_} foreach @names;
	return;
}

sub same
{
	my ($self, $what, $is, $expected) = @_;
	my ($one, $other) = map { join "\n", @$_ } $is, $expected;
	return if $one eq $other;
	my (%is, %expected);
	$is{$_}++ foreach @$is;
	$expected{$_}++ foreach @$expected;
	my @more = grep { $is{$_} > ($expected{$_} // 0) } sort keys %is;
	my @less = grep { $expected{$_} > ($is{$_} // 0) } sort keys %expected;
	return $self->wrong("$what: " . @$is . ' rows and not ' . @$expected . "; too many: @more[0 .. ($#more > 9 ? 9 : $#more)]; missing: @less[0 .. ($#less > 9 ? 9 : $#less)]");
}

# Tables and views are what the source is.
sub is_the_source
{
	my ($self, $when) = @_;
	my $content = $self->{content} = $self->{table}->content;
	my $columns = $self->payload;
	$self->same("$when, the merge table", [ $self->loaded_rows ], $content);
	$self->same("$when, the view", [ sort $self->ask("SELECT $columns FROM desk.t") ], $content);
	$self->same("$when, the view of all versions", [ sort $self->ask("SELECT $columns FROM desk.t_full WHERE ds_surf_batch_out = $open") ], $content)
		if $self->{milestoned};
	my @part = sort map { join '|', reverse((split /\|/, $_, -1)[ -3, -2 ]) } grep { /\|(\d+)\|t$/ && $1 > 5 } @$content;
	$self->same("$when, the view with a condition", [ sort $self->ask('SELECT w, v FROM desk.part') ], \@part);
	return $self->same("$when, the other dataset", [ join ' ', sort $self->ask('SELECT id, v FROM shop.old') ], [ $self->{table}->old ])
		if $self->{consistency} eq 'multi';
	return;
}

sub was
{
	my ($self, $batch, $content) = @_;
	return $self->same("as of $batch", [ sort $self->ask('SELECT ' . $self->payload . " FROM shop.t_as_of($batch)") ], $content);
}

sub is_published
{
	my ($self) = @_;
	$self->{poller}->end;
	my $batch = $self->{batch} = $self->ask("SELECT last_batch FROM datasurface.streams WHERE stream = '$self->{stream}'");
	$self->is_the_source('once published');
	my $rows = @{ $self->{content} };
	my $problem = $self->{poller}->problem(map { $rows } $self->shown);
	$self->wrong($problem) if $problem;
	$self->{did}{polls} = $self->{poller}{polls};
	my $late = $self->ask("SELECT count(*) FROM shop.t WHERE ds_surf_batch_in NOT BETWEEN 0 AND $batch");
	$self->wrong("$late rows are of a later batch than $batch") if $late;
	return unless $self->{milestoned};
	for my $versions ('desk.t_full', "shop.t_as_of($batch)")
	{
		my $others = $self->ask("SELECT count(*) FROM $versions WHERE (ds_surf_batch_in, ds_surf_batch_out) IS DISTINCT FROM ($batch, $open)");
		$self->wrong("$others rows of $versions are not of batch $batch") if $others;
	}
	$self->was($batch, $self->{content});
	my $before = $self->ask("SELECT count(*) FROM shop.t_as_of($batch - 1)");
	$self->wrong("as of the batch before, $before rows show") if $before;
	my $history = $self->ask('SELECT count(*) FROM shop.t_history');
	$self->wrong("the load has left $history versions in the history") if $history;
	return;
}

1;
