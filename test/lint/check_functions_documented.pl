#!/usr/bin/perl
# The README's table of functions has each function of sql/functions with the arguments that it takes, and no other.
use strict;
use warnings;

sub slurp { open my $file, '<', $_[0] or die "$_[0]: $!\n"; return join '', <$file> }

my %made;
for my $path (glob 'sql/functions/*.sql') {
    my $text = slurp($path);
    while ($text =~ /^CREATE (?:FUNCTION|PROCEDURE) datasurface\.(\w+)\((.*?)\)\s*^(?:RETURNS|LANGUAGE)/msg) {
        my ($name, $arguments) = ($1, $2);
        my @taken = grep { !/^OUT / } split /\s*,\s*/, $arguments =~ s/^\s+|\s+$//gr;
        $made{ "$name(" . join(', ', map { s/ DEFAULT / = /r } @taken) . ')' } = $path;
    }
}
my ($section) = slurp('README.md') =~ /^## The functions\n(.*?)^## /ms or die "README.md has no functions\n";
my %told = map { $_ => 1 } $section =~ /^\| `(ds_\w+\(.*?\))` \|/mg;

my @findings = ((map {"$made{$_}: README.md does not have $_"} grep { !$told{$_} } keys %made),
    (map {"README.md: there is no $_"} grep { !$made{$_} } keys %told));
print "$_\n" for sort @findings;
exit(@findings || !%made ? 1 : 0);
