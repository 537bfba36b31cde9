# Random brakes of datasets, and by the oracle's counts what each batch must be: stopped or not, and by which brakes,
# checks and references.
package Datasurface::Differential::Brakes;

use strict;
use warnings;
use Datasurface::Differential::Names qw(quoted_text);
use Datasurface::Differential::Random;
use Datasurface::Differential::Rules;

my %strength = (none => 0, near => 0, warn => 1, hold => 2, fail => 3);

# undef where the built-in brakes are to stay, which never trip at so few rows.
sub random_brakes
{
	my ($dataset) = @_;
	return unless chance(50);
	my %brakes;
	$brakes{deletes} = share(4, 10, 25, 60) if chance(60);
	$brakes{changes} = share(8, 20, 50, 100) if chance(40);
	$brakes{rows} = { factor => pick(1.05, 1.5, 2) } if chance(30);
	$brakes{empty} = { rows => roll(6) } if chance(40) && $dataset->{kind} ne 'push';
	$brakes{surplus} = share(2, 5, 12.5, 40) if chance(40) && $dataset->{duplicate_keys} eq 'last';
	$brakes{$_}{action} = pick(qw(warn hold hold fail)) for sort keys %brakes;
	return \%brakes;
}

sub share
{
	my ($rows, @percents) = @_;
	my %brake;
	$brake{rows} = roll($rows) if chance(60);
	$brake{percent} = pick(@percents) if !%brake || chance(50);
	return \%brake;
}

# ['brake', brake, action, count, total] of those that trip for a dataset in a batch, or are near.
sub trips
{
	my ($batch, $dataset) = @_;
	my $brakes = $dataset->{brakes} or return;
	my ($d, $number) = ($dataset->{d}, $batch->{number});
	my %c;
	@c{qw(staged inserted updated deleted unchanged surplus)} = split /\|/, $batch->sql("SELECT staged, inserted, updated, "
		. "deleted, unchanged, surplus FROM oracle.counts WHERE d = $d AND batch = $number");
	my $there = $dataset->{is_delta}
	  ? $batch->sql("SELECT count(*) FROM oracle.image WHERE d = $d AND batch = $number - 1")
	  : $c{unchanged} + $c{updated} + $c{deleted}
	  or return;
	my ($sum, $batches) = split /\|/, $batch->sql("SELECT sum(staged), count(*) FROM (SELECT staged FROM oracle.counts "
		. "WHERE d = $d AND batch < $number AND NOT discarded ORDER BY batch DESC LIMIT 5) x");
	my ($rows, $usual) = $dataset->{is_delta}
	  ? ($there + $c{inserted} - $c{deleted}, $there)
	  : ($c{staged}, $sum / $batches);
	my %seen = (
		changes => [ $c{inserted} + $c{updated} + $c{deleted}, $there ],
		deletes => [ $c{deleted}, $there ],
		empty => [ $c{staged}, $there ],
		rows => [ $rows, int($usual + 0.5) ],
		surplus => [ $c{surplus}, $c{staged} ]);
	my @shares = grep { $brakes->{$_} } qw(changes deletes surplus);
	my %tripped = map { $_ => passes($brakes->{$_}, @{ $seen{$_} }) } @shares;
	$tripped{empty} = $brakes->{empty} && $c{staged} == 0 && $there >= $brakes->{empty}{rows};
	my $factor = $brakes->{rows} && $brakes->{rows}{factor};
	$tripped{rows} = $factor && ($rows > $usual * $factor || $rows * $factor < $usual);
	my @near = grep { !$tripped{$_} && $seen{changes}[0] && nears($brakes->{$_}, @{ $seen{$_} }) } @shares;
	return ((map { [ 'brake', $_, $brakes->{$_}{action}, @{ $seen{$_} } ] } grep { $tripped{$_} } sort keys %tripped),
		map { [ 'brake', $_, 'near', @{ $seen{$_} } ] } @near);
}

sub passes
{
	my ($brake, $count, $total) = @_;
	return 0 if defined $brake->{rows} && $count <= $brake->{rows};
	return !defined $brake->{percent} || $count > $total * $brake->{percent} / 100;
}

# Four fifths of what stops a batch.
sub nears
{
	my ($brake, $count, $total) = @_;
	return 0 if $brake->{action} eq 'warn' || !$count;
	return $count * 5 >= ($brake->{rows} // 0) * 4 && $count * 500 >= ($brake->{percent} // 0) * 4 * $total;
}

# What a batch must be (none, warn, hold or fail), its findings as lines, and those that a release adds: references are
# not asked of a batch that is stopped before.
sub verdict
{
	my ($batch) = @_;
	my @found = map { findings($_, trips($batch, $_), Datasurface::Differential::Rules::broken($batch, $_)) }
	  @{ $batch->{stream}{datasets} };
	my @referring = map { findings($_, Datasurface::Differential::Rules::dangling($batch, $_)) }
	  @{ $batch->{stream}{datasets} };
	my $stopped_before = $strength{ worst(@found) } >= $strength{hold};
	push @found, splice @referring unless $stopped_before;
	return (worst(@found), lines(@found), \@referring);
}

sub findings
{
	my ($dataset, @found) = @_;
	return map { { action => $_->[2], line => join '|', $dataset->{d}, @$_ } } @found;
}

sub worst { return (sort { $strength{$b} <=> $strength{$a} } 'none', map { $_->{action} } @_)[0] }

sub lines { return join "\n", sort map { $_->{line} } @_ }

sub findings_sql
{
	my ($batch) = @_;
	my $line = q{concat_ws('|', d, kind, rule, action, count, total)};
	return "SELECT $line FROM datasurface.batch_findings f JOIN oracle.dataset x"
	  . " ON (x.stream, x.name) = (f.stream, f.dataset) WHERE f.stream = $batch->{name} AND f.batch = $batch->{number}"
	  . " ORDER BY $line COLLATE \"C\"";
}

sub digests_sql
{
	my ($batch) = @_;
	return 'SELECT x.dataset_id, changes_digest IS NOT NULL, inserted, updated, deleted FROM datasurface.batch_dataset x'
	  . " JOIN datasurface.stream s USING (stream_id) WHERE s.name = $batch->{name} AND batch_id = $batch->{number}"
	  . ' ORDER BY 1';
}

# What readers see, and where it lies.
sub seen
{
	my ($batch) = @_;
	my @seen;
	for my $dataset (@{ $batch->{stream}{datasets} })
	{
		my ($view, $merge, $history) = split /\|/,
		  $batch->sql("SELECT view, merge, coalesce(history, merge) FROM oracle.dataset WHERE d = $dataset->{d}");
		push @seen, $batch->sql("SELECT md5(string_agg(r::text, ' ' ORDER BY r::text COLLATE \"C\")) FROM $view r");
		push @seen, $batch->sql("SELECT md5(string_agg(concat(ctid, xmin, ds_surf_batch_in, ds_surf_batch_out), ' ' ORDER BY ctid))"
			  . " FROM $_") for $merge, $history;
	}
	return join ' ', @seen;
}

1;
