#!/usr/bin/perl
# PostgreSQL raises by jumping over frames, and what has a destructor in such a frame is never destroyed. So:
# 1. Raising files own no object with a destructor: those of heap and guard but doors.*, and all *_raising.*. The text is asked, and,
#    where it is built, the object: one that destroys something while it is unwound refers to the personality of C++.
# 2. Other files raise in no function of their own: only in a lambda that is given to pg::call.
use strict;
use warnings;

# Files with functions of both regimes, which still have to be split. No function of theirs may raise and own an object.
my $mixed = qr{^src/(?:pg/\w+)\.[ch]pp$};
my $raising = qr{^src/(?:(?:heap|guard)/(?!doors\.)\w+|\w+/\w+_raising)\.[ch]pp$};

my $template = qr/<(?:[^<>;{}]|<[^<>;{}]*>)*>/;
my $owner = qr/\b(?:std::(?:string|function|vector|map|set|list|deque|variant|any|unordered_\w+|unique_ptr|shared_ptr|tuple)\b$template?|(?:sqltext::(?:Statement|Value|Qualified)|shape::Shape|merge::(?:Plan|Result)|pg::Rows|Error)\b)/;
my $owns = qr/$owner(?!::)(?!\s*(?:const\s*)?[&*>])|\bstd::to_string\b|\bthrow\b/;
my $raises = qr/\b(?:ereport|ereport_domain|elog|PG_RE_THROW|ReThrowError|CHECK_FOR_INTERRUPTS|palloc\w*|pstrdup|psprintf|MemoryContextAlloc\w*|makeNode|SPI_\w+|SearchSysCache\w*|(?:relation|table|index)_open\w*|DirectFunctionCall\w*)\s*\(/;

# without_lambdas: a text without the bodies of lambdas that are given to call() or call_statement()
sub without_lambdas {
    my ($text) = @_;
    while ($text =~ /\bcall(?:_statement)?\s*\((?:[^;{}()\[]*,)?\s*\[[^\]]*\][^{};]*\{/g) {
        my ($from, $depth, $end) = (pos $text, 1, pos $text);
        for (; $end < length $text && $depth; $end++) {
            my $character = substr $text, $end, 1;
            $depth += $character eq '{' ? 1 : $character eq '}' ? -1 : 0;
        }
        substr($text, $from, $end - 1 - $from) =~ tr/\n//cd;
        pos $text = $from;
    }
    return $text;
}

my $findings = 0;
sub found { print "$_[0]:$_[1]: $_[2]\n"; $findings++; }

for my $path (glob 'src/*/*.cpp src/*/*.hpp') {
    open my $file, '<', $path or die "$path: $!";
    my $text = join '', <$file>;
    $text =~ s{("(?:[^"\\\n]|\\.)*")|//[^\n]*|^[ \t]*\#[^\n]*}{defined $1 ? '""' : ''}gem;
    if ($path =~ $raising) {
        while ($text =~ /$owns/g) { found($path, 1 + (substr($text, 0, $-[0]) =~ tr/\n//), "$&: a raising file owns no object, and throws nothing"); }
        (my $object = $path) =~ s{^src/(.*)\.cpp$}{build/release/$1.o} or next;
        next unless -e $object && -M $object <= -M $path;
        found($path, 1, 'something is destroyed when this file is unwound, which a jump does not do') if `nm '$object'` =~ /__gxx_personality/;
        next;
    }
    my $outside = without_lambdas($text);
    while ($outside =~ /^(?!namespace|extern|class|struct|enum|template)(\S[^;{}]*)\n\{\n(.*?)^\}/msg) {
        my ($head, $body, $line) = ($1, $2, 1 + (substr($outside, 0, $-[0]) =~ tr/\n//));
        next unless $body =~ $raises;
        my $what = $&;
        next if $path =~ $mixed && "$body" !~ /$owns|\bcall(?:_statement)?\s*\(/;
        found($path, $line, "$what...) outside a lambda of pg::call: only raising files may");
    }
}
exit($findings ? 1 : 0);
