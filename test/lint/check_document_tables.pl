#!/usr/bin/perl
# Every row of a table in the documents has as many cells as the head: one too few moves the rest under a head that is not theirs.
use strict;
use warnings;

my $status = 0;
for my $file (glob '*.md docs/*.md docs/decisions/*.md') {
    open my $in, '<', $file or die "$file: $!";
    my ($cells, $quoted) = (0, 0);
    while (my $line = <$in>) {
        $quoted = !$quoted if $line =~ /^```/;
        if ($quoted || $line !~ /^\|/) {
            $cells = 0;
            next;
        }
        (my $bare = $line) =~ s/`[^`]*`|\\\|//g;
        my $here = ($bare =~ tr/|//) - 1;
        $cells ||= $here;
        next if $here == $cells;
        print "$file:$.: $here cells, under a head of $cells\n";
        $status = 1;
    }
}
exit $status;
