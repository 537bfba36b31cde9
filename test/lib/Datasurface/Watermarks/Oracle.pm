# What a dataset with a watermark has after a pull: computed from the rows of its source, its mark and what it had, by what
# docs/model.md promises. Dies with what is not so.
package Datasurface::Watermarks::Oracle;

use strict;
use warnings;
use Exporter qw(import);
use List::Util qw(max min);

our @EXPORT_OK = qw(is_whole predict apply table history guaranteed check_mark);

my $second = 1_000_000;    # microseconds
my $hour = 3600 * $second;
my $day = 24 * $hour;
my %overlap = (n => 10, b => 5, d => $day, ts => $hour, app => $hour, soft => $hour, full => $hour, half => $hour, tx => 0);
my %column = (n => 'n', b => 'b', d => 'us_d', ts => 'us_ts', app => 'us_app', soft => 'us_app', full => 'us_app', half => 'us_app',
	tx => 'us_tx');

sub is_number { my ($kind) = @_; return $kind =~ /^[nb]$/; }

# A mark as a number; of an infinite one more, or less, than there are. undef: NULL.
sub mark_of
{
	my ($dataset, $row) = @_;
	my $mark = $row->{ $column{ $dataset->{kind} } };
	return $mark eq '' ? undef : $mark eq 'inf' ? 9e18 : $mark eq '-inf' ? -9e18 : $mark;
}

# Whether the window that begins at that mark reads the row.
sub in_window
{
	my ($dataset, $row, $mark) = @_;
	my $kind = $dataset->{kind};
	return 1 if $kind eq 'x';
	my $stamp = mark_of($dataset, $row);
	return $dataset->{nulls} ne 'ignore' if !defined $stamp;
	return 1 if !is_number($kind) && $stamp == -9e18;
	# local times come twice in autumn; a date is its midnight
	my $from = $mark - $overlap{$kind} - ($kind eq 'ts' ? 2 * $hour : $kind eq 'd' ? $day + 2 * $hour : 0);
	return $stamp >= $from;
}

# The largest mark of these rows that is not in the future.
sub largest
{
	my ($dataset, $now, @rows) = @_;
	return max grep { defined && abs != 9e18 && (is_number($dataset->{kind}) || $_ <= $now) } map { mark_of($dataset, $_) } @rows;
}

# 1 or 0, or undef where the clock decides. has: what the catalog says of the mark before the pull.
sub is_whole
{
	my ($dataset, $has, $rows, $first, $last) = @_;
	my $kind = $dataset->{kind};
	return 1 if $kind eq 'snap' || $has->{mark} eq '' || $has->{next_whole} ne '';
	if ($kind eq 'full')
	{
		return 1 if $has->{since} > 1.1;
		return if $has->{since} > 0.9 || $last->{now} - $first->{now} > 0.5 * $second || $has->{since} > 0.2;
	}
	return $has->{mark} > $last->{xmax} ? 1 : 0 if $kind eq 'x';
	return $has->{mark} > $last->{now} ? 1 : 0 unless is_number($kind);
	my $largest = largest($dataset, undef, grep { in_window($dataset, $_, $has->{mark}) } values %$rows);
	return !defined $largest || $largest < $has->{mark} ? 1 : 0;
}

# { read: rows by id, mark: the next one where it is known, counted: whether read is exactly what is staged }
sub predict
{
	my ($dataset, $rows, $whole, $has, $now) = @_;
	my ($kind, $mark) = ($dataset->{kind}, $has->{mark});
	my @read = values %$rows;
	# where the largest number is gone, it was the window that was asked
	my @asked = @read;
	@asked = grep { in_window($dataset, $_, $mark) } @read if !$whole || $mark ne '' && $has->{next_whole} eq '' && is_number($kind);
	@read = @asked unless $whole;
	my %more = (counted => $kind ne 'x');
	$more{mark} = largest($dataset, $now, @asked) if is_number($kind) || $kind eq 'half';
	if ($kind eq 'half' && (!$whole || !%{ $dataset->{rows} }))
	{
		$more{mark} //= $mark unless $whole;
		my $to = $more{mark};
		@read = grep { my $stamp = mark_of($dataset, $_); !defined $to || !defined $stamp || $stamp < $to } @read;
	}
	@read = grep { $_->{gone} eq 'f' } @read if $kind eq 'soft' && $whole;
	return { read => { map { $_->{id} => $_ } @read }, whole => $whole, %more };
}

sub content { my ($dataset, $row) = @_; return join '|', $row->{v}, $dataset->{stamp} ? $row->{ $dataset->{stamp} } : (); }

# Returns what the dataset has then: rows by id, closed versions, counts.
sub apply
{
	my ($dataset, $pull, $batch) = @_;
	my %next = (rows => { %{ $dataset->{rows} } }, closed => [ @{ $dataset->{closed} } ], inserted => 0, updated => 0, deleted => 0);
	my $close = sub {
		my ($id) = @_;
		my $was = delete $next{rows}{$id};
		push @{ $next{closed} }, "$id|$was->{content}|$was->{in}|" . ($batch - 1);
	};
	for my $row (values %{ $pull->{read} })
	{
		my $was = $next{rows}{ $row->{id} };
		if ($dataset->{kind} eq 'soft' && $row->{gone} eq 't')
		{
			next unless $was;
			$next{deleted}++;
			$close->($row->{id});
			next;
		}
		my $content = content($dataset, $row);
		next if $was && $was->{content} eq $content;
		$next{ $was ? 'updated' : 'inserted' }++;
		$close->($row->{id}) if $was;
		$next{rows}{ $row->{id} } = { content => $content, in => $batch };
	}
	return \%next unless $pull->{whole};
	for my $id (grep { !$pull->{read}{$_} } keys %{ $next{rows} })
	{
		$next{deleted}++;
		$close->($id);
	}
	return \%next;
}

sub table
{
	my ($rows) = @_;
	return join "\n", map { "$_|$rows->{$_}{content}|$rows->{$_}{in}" } sort { $a <=> $b } keys %$rows;
}

sub history { my ($closed) = @_; return join "\n", sort @$closed; }

# Rows that must be there as they are now, whatever was pulled when.
sub guaranteed
{
	my ($dataset, $rows) = @_;
	my $kind = $dataset->{kind};
	return values %$rows if $kind =~ /^(?:tx|x|snap)$/;
	return if is_number($kind) || $kind eq 'half';
	my $counts = sub { defined mark_of($dataset, $_[0]) || $dataset->{nulls} ne 'ignore' };
	return grep { $_->{ok} eq 't' && $counts->($_) } values %$rows;
}

# A mark never passes what may still become visible at the source. quiet: nothing was committed there between first and last.
sub check_mark
{
	my ($dataset, $pull, $has, $mark, $first, $last, $quiet) = @_;
	my $kind = $dataset->{kind};
	my ($from, $to);
	if (exists $pull->{mark})
	{
		# of half-open windows the clock may be the end
		return if $kind eq 'half';
		my $expected = $pull->{mark} // '';
		return $mark eq $expected ? () : "mark $mark, not $expected";
	}
	if ($kind eq 'x') { ($from, $to) = ($first->{xmin}, $last->{xmin}) }
	elsif ($kind eq 'tx')
	{
		if ($first->{prepared} && $last->{prepared} && $quiet)
		{
			my $expected = $has->{mark} ne '' && $has->{mark} > $last->{now} ? '' : $has->{mark};
			return $mark eq $expected ? () : "mark $mark, not $expected, while a transaction is prepared";
		}
		return if $first->{prepared} || $last->{prepared};
		# a session shows the begin of its transaction a moment late
		$from = min($first->{now}, $first->{oldest} // $first->{now}) - $second;
		$to = ($quiet ? $first->{oldest} // $last->{now} : $last->{now}) - $second;
		$to = max($to, $has->{mark}) unless $pull->{whole};
	}
	else { ($from, $to) = ($first->{now}, $last->{now}) }
	return $mark ne '' && $mark >= $from && $mark <= $to ? () : "mark '$mark' is not between $from and $to";
}

1;
