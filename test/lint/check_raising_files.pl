#!/usr/bin/perl
# PostgreSQL raises by jumping over frames, and what has a destructor in such a frame is never destroyed. So:
# 1. Raising files own no object with a destructor: those of heap and guard but doors.*, and all *_raising.*. The text is asked, and,
#    where it is built, the object: one that destroys something while it is unwound refers to the personality of C++.
# 2. Other files raise only in a lambda that is given to pg::call. Outside of one they call no function that a raising file declares,
#    no function of the server that is listed here, and, where the file is built, none that its object imports from the server.
use strict;
use warnings;

my $raising = qr{^src/(?:(?:heap|guard)/(?!doors\.)\w+|\w+/\w+_raising)\.[ch]pp$};

# Calls outside a lambda that are right, each with its reason.
my %allowed = (
    'src/pg/entry.cpp' => {
        raise_texts      => 'the door itself: its frame owns nothing',
        copy_if_possible => 'raises nothing',
        FlushErrorState  => 'raises nothing',
    },
    'src/pg/savepoint.cpp'    => { unpack_sql_state => 'raises nothing' },
    'src/pg/select.cpp'       => { geterrposition => 'a callback, which PostgreSQL calls' },
    'src/native/parts.cpp'    => { tid_of => 'raises nothing' },
    'src/remote/connection.cpp' => { ReleaseExternalFD => 'raises nothing' },
    'src/native/progress.cpp' => { pgstat_progress_end_command => 'raises nothing' },
);

my $template = qr/<(?:[^<>;{}]|<[^<>;{}]*>)*>/;
my $owner = qr/\b(?:std::(?:string|function|vector|map|set|list|deque|variant|any|unordered_\w+|unique_ptr|shared_ptr|tuple)\b(?:$template)?+|(?:sqltext::(?:Statement|Value|Qualified)|shape::Shape|merge::(?:Plan|Result)|pg::Rows|Error)\b)/;
my $owns = qr/$owner(?!::)(?!\s*(?:const\s*)?[&*>])|\bstd::to_string\b|\bthrow\b/;
my $raises = qr/ereport|ereport_domain|elog|PG_RE_THROW|ReThrowError|CHECK_FOR_INTERRUPTS|palloc\w*|pstrdup|psprintf|MemoryContextAlloc\w*|AllocSetContextCreate|makeNode|SPI_\w+|SearchSysCache\w*|(?:relation|table|index)_open\w*|DirectFunctionCall\w*/;

# text_of: a file without comments, the contents of strings, and lines for the preprocessor
my %texts;
sub text_of {
    my ($path) = @_;
    return $texts{$path} //= do {
        open my $file, '<', $path or die "$path: $!";
        my $text = join '', <$file>;
        $text =~ s{("(?:[^"\\\n]|\\.)*")|//[^\n]*|^[ \t]*\#[^\n]*}{defined $1 ? '""' : ''}gem;
        $text;
    };
}

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

# headers_of: what a file includes from src, directly or not
my %headers;
sub headers_of {
    my ($path) = @_;
    return @{ $headers{$path} } if $headers{$path};
    $headers{$path} = []; # for a circle
    open my $file, '<', $path or die "$path: $!";
    my %found;
    for (grep { -e } map { /^#include "(\w+\/\w+\.hpp)"/ ? "src/$1" : () } <$file>) {
        $found{$_}++ for $_, headers_of($_);
    }
    return @{ $headers{$path} = [sort keys %found] };
}

# declared_in: the functions that a header declares without defining them, but those that are noexcept
my %declared;
sub declared_in {
    my ($header) = @_;
    return @{ $declared{$header} //= [text_of($header) =~ /^(?!\s|namespace|struct|class|using|inline|constexpr|static|extern|enum|template)[^;{}()=]*?[\s*&](\w+)\([^;{}]*\)(?!\s*noexcept)[^;{}]*;/mg] };
}

# object_of: the object of a .cpp file that is not older than the file
sub object_of {
    my ($path) = @_;
    (my $object = $path) =~ s{^src/(.*)\.cpp$}{build/release/$1.o} or return undef;
    return -e $object && -M $object <= -M $path ? $object : undef;
}

my $findings = 0;
sub found { print "$_[0]:$_[1]: $_[2]\n"; $findings++; }

sub check_raising {
    my ($path) = @_;
    my $text = text_of($path);
    while ($text =~ /$owns/g) { found($path, 1 + (substr($text, 0, $-[0]) =~ tr/\n//), "$&: a raising file owns no object, and throws nothing"); }
    my $object = object_of($path) or return;
    found($path, 1, 'something is destroyed when this file is unwound, which a jump does not do') if `nm '$object'` =~ /__gxx_personality/;
}

# Files that can name what raises: check_regimes keeps the server's headers from all others.
my $raising_rooms = qr{^src/(?:pg|native|remote|heap|guard|api)/};
# Functions of C and of libpq raise nothing.
my $of_c = qr/^(?:_.*|str\w+|mem\w+|malloc|free|kill|usleep|open|read|close|poll|fstat|realpath|geteuid|explicit_bzero|PQ\w+)$/;

sub check_other {
    my ($path) = @_;
    my @functions = map { declared_in($_) } grep { $_ =~ $raising } headers_of($path);
    if (my $object = object_of($path)) {
        push @functions, grep { !/$of_c/ } `nm -u '$object'` =~ /^\s+U (\w+)$/mg;
    }
    my $names = join '|', $raises, @functions;
    my $outside = without_lambdas(text_of($path));
    while ($outside =~ /(?<![\w.>:])(?:(?:pg|native|remote|heap|guard)::)*($names)\s*\(/g) {
        my ($what, $line) = ($1, 1 + (substr($outside, 0, $-[0]) =~ tr/\n//));
        next if $allowed{$path}{$what};
        found($path, $line, "$what(...) outside a lambda of pg::call: only raising files may");
    }
}

for my $path (glob 'src/*/*.cpp src/*/*.hpp') {
    if ($path =~ $raising) { check_raising($path); }
    elsif ($path =~ $raising_rooms) { check_other($path); }
}
exit($findings ? 1 : 0);
