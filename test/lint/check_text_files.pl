#!/usr/bin/perl
# What .editorconfig says, checked: no tabs in code (but Perl tests, which follow those of PostgreSQL), no trailing blanks, a line
# end at the end. Outputs are as they are.
use strict;
use warnings;
use File::Find;

my @roots = grep { -e } qw(src sql/install sql/updates sql/make_update.sh sql/functions sql/views previous test demo docs docker
    Makefile README.md CHANGELOG.md CONTRIBUTING.md META.json);
my $findings = 0;

# found: a fault of a file; three of a kind are enough
sub found {
    my ($seen, $text) = @_;
    $findings++;
    print "$text\n" if ++$$seen <= 3;
}

sub check {
    return if !/\.(?:cpp|hpp|sql|pl|pm|sh|spec|md|json)$|^Makefile$/ || !-f || $File::Find::name =~ m{^test/fixtures/};
    my $path = $File::Find::name;
    my $is_code = /\.(?:cpp|hpp|sql|sh|json)$/;
    my ($blanks, $tabs, $last) = (0, 0, "\n");
    open my $file, '<', $_ or die "$path: $!";
    while (my $line = <$file>) {
        found(\$blanks, "$path:$.:$line" =~ s/\n$//r) if $line =~ /[ \t]$/;
        found(\$tabs, "$path: tab: $.:$line" =~ s/\n$//r) if $is_code && $line =~ /\t/;
        $last = $line;
    }
    found(\my $none, "$path: no line end at its end") if $last !~ /\n$/;
}
find(\&check, @roots);
exit($findings ? 1 : 0);
