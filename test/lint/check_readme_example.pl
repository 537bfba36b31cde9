#!/usr/bin/perl
# The worked example of README.md is what the scene readme_example really printed: its blocks, in order, are the expected
# output from CREATE EXTENSION to the end of the session. Empty lines and blanks at the end of a line do not count.
use strict;
use warnings;

sub slurp {
    my ($path) = @_;
    open my $file, '<', $path or do { print "$path is not written yet\n"; exit 77 };
    return join '', <$file>;
}

sub lines { return grep { /\S/ } split /\s*\n/, $_[0] }

my ($section) = slurp('README.md') =~ /^## A worked example\n(.*?)^## /ms or die "README.md has no worked example\n";
my ($session) = slurp('expected/readme_example.out') =~ /^(CREATE EXTENSION .*?)^\\c /ms or die "readme_example has no session\n";
my @told = map { lines($_) } $section =~ /^```sql\n(.*?)^```$/msg;
my @true = lines($session);

for my $i (0 .. ($#told > $#true ? $#told : $#true)) {
    my ($told, $true) = ($told[$i] // '(nothing)', $true[$i] // '(nothing)');
    next if $told eq $true;
    print "line ", $i + 1, " of the example\n  README.md: $told\n  expected/readme_example.out: $true\n";
    exit 1;
}
