#!/usr/bin/perl
# Two regimes, two doors: only src/pg, src/heap, src/native, src/remote and src/guard, and files that include "pg/entry.hpp", may name the server's headers, its error
# calls or its jumps; the version number only src/pg; src/datasurface.cpp, the module itself, its headers. Elsewhere nothing can raise over a C++ object, because nothing
# elsewhere can even say it.
use strict;
use warnings;

my $raises  = qr/\b(?:PG_TRY|PG_CATCH|PG_FINALLY|PG_RE_THROW|ereport|elog|sigsetjmp|siglongjmp|PG_exception_stack)\b/;
my $version = qr/\b(?:PG_VERSION_NUM|PG_MAJORVERSION_NUM)\b/;
my $headers = qr{^\s*\#\s*include\s+[<"](?:postgres\.h|fmgr\.h|funcapi\.h|miscadmin\.h|pgstat\.h|postgres_ext\.h|
    (?:access|catalog|commands|common|executor|foreign|lib|libpq|mb|nodes|optimizer|parser|port|portability|postmaster|
    regex|replication|rewrite|storage|tcop|tsearch|utils)/[\w/-]+\.h)[>"]}x;

my $findings = 0;
for my $path (glob 'src/*.cpp src/*/*.cpp src/*/*.hpp') {
    next if $path =~ m{^src/pg/};
    my $raising_room = $path =~ m{^src/(?:heap|native|remote|guard)/};
    open my $file, '<', $path or die "$path: $!";
    my @lines = <$file>;
    my $door = grep { m{^\s*#\s*include\s+"pg/entry\.hpp"} } @lines;
    for my $index (0 .. $#lines) {
        (my $line = $lines[$index]) =~ s{//.*}{};
        $line =~ s/"(?:[^"\\]|\\.)*"//g unless $line =~ /#\s*include/;
        my $what = $line =~ $version ? 'PG_VERSION_NUM belongs to src/pg'
            : $door || $raising_room ? undef
            : $line =~ $headers && $path ne 'src/datasurface.cpp'
            ? 'a header of the server: only src/pg, src/heap, src/native, src/remote and src/guard, or through "pg/entry.hpp"'
            : $line =~ $raises    ? 'raises or jumps: only src/pg, src/heap, src/native, src/remote and src/guard'
            :                       undef;
        next unless $what;
        print "$path:", $index + 1, ": $what\n";
        $findings++;
    }
}
exit($findings ? 1 : 0);
