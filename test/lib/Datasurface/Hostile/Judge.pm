# Runs a round, and says what is wrong with it.
package Datasurface::Hostile::Judge;

use strict;
use warnings;
use Exporter qw(import);

our @EXPORT_OK = qw(judge);

my $refusal = qr/must not run in this session/;

# What psql answered: lines after @name.
sub answers
{
	my ($output) = @_;
	my ($name, %answers) = ('');
	for my $line (split /\n/, $output)
	{
		if ($line =~ /^@(\S*) ?(.*)/)
		{
			$name = $1;
			$answers{$name} = $2;
			$name = '' unless $name =~ /^(answer|rest)$/;
			next;
		}
		$answers{$name} = length($answers{$name} // '') ? "$answers{$name},$line" : $line;
	}
	return \%answers;
}

sub ran
{
	my ($node, $script, $trace) = @_;
	my ($out, $err);
	$node->psql('postgres', $script, stdout => \$out, stderr => \$err, on_error_stop => 0, timeout => 60);
	$$trace .= "$script\n-- out\n$out\n-- err\n$err\n";
	my $answers = answers($out);
	$answers->{errors} = $err;
	return $answers;
}

sub done
{
	my ($answers) = @_;
	return 'the call failed: ' . ($answers->{state} // 'no state') . ' ' . ($answers->{message} // '')
		if ($answers->{state} // '') ne '00000';
	return "the call answered $answers->{answer}" if $answers->{answer} =~ /FAILED|failed/;
	return;
}

sub right_rows
{
	my ($answers, $name) = @_;
	my ($found, $wanted) = split / of /, $answers->{$name} // '';
	return if defined $wanted && $found eq $wanted;
	return "published: " . ($found // '') . ' wanted: ' . ($wanted // '');
}

# Nothing that could tell of the call.
sub untouched
{
	my ($answers) = @_;
	my @wrong;
	push @wrong, "the hidden code ran: $answers->{seen_before} -> $answers->{seen_after}"
		if $answers->{seen_before} ne $answers->{seen_after};
	push @wrong, 'it warned' if $answers->{errors} =~ /WITNESS/;
	push @wrong, "the cursor gave $answers->{rest}" if $answers->{rest} ne 'mine 1,mine 2,mine 3';
	push @wrong, "the session: $answers->{session_before} -> $answers->{session_after}"
		if $answers->{session_before} ne $answers->{session_after};
	return @wrong;
}

# ds_reconcile_schema says so in the row of a step.
sub was_refused
{
	my ($answers) = @_;
	return 1 if ($answers->{state} // '') eq '42501' && $answers->{message} =~ /$refusal/;
	return $answers->{answer} =~ /^steps .*failed 42501: [^;]*$refusal/;
}

sub judge_attack
{
	my ($round, $answers, $counts) = @_;
	my $place = $round->{hidden}{place};
	my $publishes = $round->{call} =~ /^(run|run_to_end|merge)$/;
	my $refused = was_refused($answers);
	if ($round->{may})
	{
		$counts->{allowed}++;
		return if $place->{fails};
		my $problem = done($answers);
		return $problem if $problem;
		return $publishes ? right_rows($answers, 'rows_after') : ();
	}
	my @wrong = untouched($answers);
	if ($refused)
	{
		$counts->{refused}++;
		push @wrong, "the state: $answers->{before} -> $answers->{after}" if $answers->{before} ne $answers->{after};
		return @wrong;
	}
	$counts->{harmless}++;
	my $problem = done($answers);
	push @wrong, $problem if $problem && !$round->{hidden}{place}{fails};
	push @wrong, right_rows($answers, 'rows_after') if $publishes && !$problem;
	push @wrong, 'it was not refused' if must_be_refused($round);
	return @wrong;
}

# Calls in which the hidden code would run, so that nothing but a refusal is right.
sub must_be_refused
{
	my ($round) = @_;
	my $place = $round->{hidden}{place};
	return 0 if $place->{quiet} || $place->{silent};
	# what was pushed into a column was checked there
	return 0 if $round->{pushed} && !$place->{after};
	return $round->{call} =~ /^(run|run_to_end)$/ if $place->{after};
	return $round->{call} =~ /^(run|run_to_end|ingest)$/;
}

# The call, and what there was before and after. What the looking itself calls is not the call's.
sub attacked
{
	my ($round, $node, $side, $trace) = @_;
	my $before = ran($node, Datasurface::Hostile::Round::state_of($side, 'before'), $trace);
	my $call = ran($node, $round->attack($side), $trace);
	my $after = ran($node, Datasurface::Hostile::Round::state_of($side, 'after'), $trace);
	return { %$before, %$after, %$call };
}

sub judge_hidden
{
	my ($round, $node, $trace, $counts) = @_;
	my $hidden = $round->{hidden};
	my $place = $hidden->{place};
	my $answers = attacked($round, $node, $hidden, $trace);
	my @wrong = judge_attack($round, $answers, $counts);
	my $end = ran($node, $round->finish($hidden), $trace);
	return @wrong if $place->{fails};
	push @wrong, 'the honest end: ' . ($end->{finished} // 'nothing') if ($end->{finished} // '') ne 'DONE';
	push @wrong, right_rows($end, 'rows_end') if !@wrong;
	$counts->{honest}++ unless @wrong;
	return @wrong;
}

sub judge_safe
{
	my ($round, $node, $trace, $counts) = @_;
	my $safe = $round->{safe};
	my $twin = attacked($round, $node, $safe, $trace);
	my @wrong = untouched($twin);
	my $problem = done($twin);
	push @wrong, $problem if $problem && !$safe->{place}{fails};
	push @wrong, right_rows($twin, 'rows_after') if !$problem && $round->{call} =~ /^(run|run_to_end|merge)$/;
	$counts->{twins}++ unless @wrong;
	return map { "the harmless twin: $_" } @wrong;
}

# Hidden code that never ran, not even honestly, would prove nothing.
sub judge_preparation
{
	my ($round, $node, $trace) = @_;
	my $place = $round->{hidden}{place};
	my $before = ran($node, Datasurface::Hostile::Round::seen('seen'), $trace);
	my $made = ran($node, $round->prepared, $trace);
	my $after = ran($node, Datasurface::Hostile::Round::seen('seen'), $trace);
	my @wrong = grep { length } @$made{ grep { /^made/ } sort keys %$made };
	push @wrong, "the first batch: $made->{$_}"
		for grep { /^first_/ && $made->{$_} ne 'DONE' && !$place->{fails} } sort keys %$made;
	push @wrong, 'the hidden code does not run at all' if $before->{seen} eq $after->{seen} && !$place->{quiet}
		&& !$place->{silent} && !$place->{later} && !$place->{later_batch};
	push @wrong, "an error: $1" if !$place->{fails} && $made->{errors} =~ /(ERROR:.*)/;
	return map { "preparation: $_" } @wrong;
}

# What is wrong, as a list of texts. counts: of what was seen; trace: gets what was sent and answered.
sub judge
{
	my ($round, $node, $counts, $trace) = @_;
	my @wrong = judge_preparation($round, $node, $trace);
	@wrong = (judge_hidden($round, $node, $trace, $counts), judge_safe($round, $node, $trace, $counts)) unless @wrong;
	# a trigger that fires after a row that a foreign key deleted or changed is the outer statement's, so it runs as the
	# store's owner
	push @wrong, "as another role: $1"
		if $$trace =~ /(WITNESS hidden_owner as (?!hostile_owner\b).*|WITNESS hidden_third as (?!hostile_(?:third|owner)\b).*)/m;
	ran($node, $round->dropped, $trace);
	return @wrong;
}

1;
