#!/usr/bin/perl
# Identifiers and literals in SQL are quoted by the room sqltext. Elsewhere no value is put between quotation marks of a statement,
# neither by + nor by a function of the server or of SQL. Messages may quote: only a text that begins as a statement does is SQL.
use strict;
use warnings;

my $functions = qr/\b(?:quote_(?:ident|literal|nullable|identifier|literal_cstr|qualified_identifier)|PQescape\w+)\b/;
my $statement = qr/^"\s*(?:SELECT|INSERT|UPDATE|DELETE|MERGE|WITH|CREATE|ALTER|DROP|GRANT|REVOKE|TRUNCATE|COMMENT ON|LOCK|SET|COPY|VALUES)\b/;

my $findings = 0;
sub found { print "$_[0]:$_[1]: $_[2]\n"; $findings++; }

for my $path (glob 'src/*/*.cpp src/*/*.hpp') {
    # guard/refuse: names in a message. guard/harmless_list: names of functions, which it does not call
    next if $path =~ m{^src/sqltext/|^src/guard/(?:harmless_list\.hpp|refuse\w*\.cpp)$};
    open my $file, '<', $path or die "$path: $!";
    my $text = join '', <$file>;
    my @literals;
    $text =~ s{("(?:[^"\\\n]|\\.)*")|'(?:[^'\\\n]|\\.)'|//[^\n]*}{defined $1 ? do { push @literals, $1; "\@$#literals\@" } : ' '}gse;
    my $count_lines = sub { 1 + (substr($text, 0, $_[0]) =~ tr/\n//) };
    while ($text =~ /$functions/g) { found($path, $count_lines->($-[0]), "$& quotes: that is the room sqltext's"); }
    for my $i (0 .. $#literals) {
        found($path, $count_lines->(index $text, "\@$i\@"), 'SQL that quotes: that is the room sqltext\'s')
            if $literals[$i] =~ /%[IL]\b|$functions/;
    }
    # What is called, and with what, is one operand of +.
    my $collapsed = $text;
    1 while $collapsed =~ s{(\w)\s*\(([^(){};]*)\)}{ my ($last, $inside) = ($1, $2); $inside =~ tr/\n//cd; $last . $inside }ge;
    while ($collapsed =~ /[^,;(){}?:=]+/g) {
        my ($line, $operands) = (1 + (substr($collapsed, 0, $-[0]) =~ tr/\n//), $&);
        next unless $operands =~ /\+/;
        my @operands = split /\+/, $operands;
        my @texts = map { /^\s*((?:\@\d+\@\s*)+)$/ ? do { my $all = join '', map { substr $literals[$_], 1, -1 } $1 =~ /\d+/g; "\"$all\"" } : undef } @operands;
        next unless grep { defined && /$statement/ } @texts;
        for my $i (0 .. $#texts - 1) {
            next unless defined $texts[$i] && !defined $texts[$i + 1] && $texts[$i] =~ /(?:\\"|')"$/;
            found($path, $line, 'a statement with a value between quotation marks: let sqltext quote it');
        }
    }
}
exit($findings ? 1 : 0);
