#!/usr/bin/perl
# The table under "Privileges" in docs/operations.md is what the scene rights_matrix found out by trying.
use strict;
use warnings;

sub slurp {
    my ($path) = @_;
    open my $file, '<', $path or do { print "$path is not written yet\n"; exit 77 };
    return join '', <$file>;
}

sub table { return $_[0] =~ /^(\|.*)$/mg }

my ($section) = slurp('docs/operations.md') =~ /^## Privileges\n(.*?)^## /ms or die "docs/operations.md has no section Privileges\n";
my @told = table($section);
my @true = table(slurp('expected/rights_matrix.out'));
@true or die "expected/rights_matrix.out has no table\n";

for my $i (0 .. ($#told > $#true ? $#told : $#true)) {
    my ($told, $true) = ($told[$i] // '(nothing)', $true[$i] // '(nothing)');
    next if $told eq $true;
    print "line ", $i + 1, " of the table\n  docs/operations.md: $told\n  expected/rights_matrix.out: $true\n";
    exit 1;
}
