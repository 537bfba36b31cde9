#!/usr/bin/perl
# An ERROR jumps over the frames of a lambda passed to pg::call, so what has a destructor there is never destroyed.
# The compiler checks captures and results; this looks for std:: inside the lambda's own text (arguments are the
# caller's). Names of plain things are allowed.
use strict;
use warnings;

my $plain = qr/std::(?:u?int(?:8|16|32|64|ptr)?_t|size_t|byte|min|max|move|memcpy|numeric_limits|array|string_view|span|nullptr_t)\b/;
my $findings = 0;
for my $path (glob 'src/*/*.cpp src/*/*.hpp src/*.cpp test/bridge/*.cpp') {
    local $/;
    open my $file, '<', $path or die "$path: $!";
    my $text = <$file>;
    $text =~ s{//[^\n]*}{}g;
    $text =~ s{"(?:[^"\\\n]|\\.)*"}{""}g;
    while ($text =~ /\b(?:pg::)?call\s*\(\s*\[[^\]]*\]/g) {
        my ($from, $depth, $end) = (pos $text, 0, pos $text);
        for ($end = $from; $end < length $text; $end++) {
            my $character = substr $text, $end, 1;
            $depth++ if $character eq '{';
            last if $character eq '}' && --$depth == 0;
        }
        (my $body = substr $text, $from, $end - $from) =~ s/$plain//g;
        next unless $body =~ /std::\w+/;
        my $line = 1 + (substr($text, 0, $from) =~ tr/\n//);
        print "$path:$line: $& in a lambda passed to pg::call\n";
        $findings++;
    }
}
exit($findings ? 1 : 0);
