#!/usr/bin/perl
# A header declares what its own .cpp defines: a reader of src/room/subject.hpp finds the rest in src/room/subject.cpp. Each
# function or variable that a header declares without defining it must be defined in the .cpp of the same name.
use strict;
use warnings;

# Headers that still have to be mended.
my $exceptions = qr{^src/(?:batch/run)\.hpp$};

# text_of: a file without comments, the contents of strings, and lines for the preprocessor
sub text_of {
    my ($path) = @_;
    open my $file, '<', $path or return '';
    local $/;
    my $text = <$file>;
    $text =~ s{("(?:[^"\\\n]|\\.)*")|('(?:[^'\\\n]|\\.)')|//[^\n]*|/\*.*?\*/}{$1 ? '""' : $2 ? '0' : ' '}gse;
    $text =~ s{^[ \t]*\#(?:[^\n\\]|\\.)*(?:\\\n[^\n]*)*}{}gms;
    return $text;
}

# scan: calls $found->($statement, $scope, $has_body) for each statement of a namespace or class; $scope: the classes around it
sub scan {
    my ($text, $found) = @_;
    my @scopes;           # the names of the classes that are open, empty for namespaces
    my $statement = '';
    my $skip = 0;         # braces of a body that are open
    for my $token ($text =~ /[{};]|[^{};]+/g) {
        if ($skip) {
            $skip += $token eq '{' ? 1 : $token eq '}' ? -1 : 0;
            next;
        }
        if ($token eq ';') {
            $found->($statement, join('::', grep { length } @scopes), 0);
            $statement = '';
        } elsif ($token eq '{') {
            (my $head = $statement) =~ s/^(?:\s|public:|private:|protected:)+//;
            $head =~ s/^template\s*<[^{;]*?>\s*(?=struct|class)//;
            if ($head =~ /^(?:inline\s+)?namespace\b|^extern\s*""\s*$/) {
                push @scopes, $head =~ /^namespace\s*$/ ? '(unnamed)' : '';
                $statement = '';
            } elsif ($head =~ /^(?:class|struct|union)\s+(?:\[\[\w+\]\]\s*)?([\w:]+)/ && $head !~ /\)\s*(?:const)?\s*$/) {
                push @scopes, $1;
                $statement = '';
            } else {
                $found->($statement, join('::', grep { length } @scopes), 1);
                $skip = 1;
                # a variable with an initializer in braces goes on to its semicolon
                $statement = $head =~ /\)|^enum\b/ ? '' : '{}';
            }
        } elsif ($token eq '}') {
            pop @scopes;
            $statement = '';
        } else {
            $statement = '' if $statement eq '{}' && $token =~ /\S/;
            $statement .= $token;
        }
    }
}

# name_of: what a statement declares, or defines, outside itself: a function or an extern variable; undef: nothing
sub name_of {
    my ($statement) = @_;
    $statement =~ s/(?:\b(?:public|private|protected)\s*:|\[\[\w+\]\]|__attribute__\s*\(\(.*?\)\)|\bPGDLLEXPORT\b)/ /g;
    return undef if $statement =~ /^\s*(?:using|typedef|friend|static_assert|template|enum|class|struct|union|return)\b|^\{\}/;
    return $1 if $statement =~ /^\s*extern\b[^()]*?(\w+)\s*(?:\[[^\]]*\])?\s*$/;
    return undef if $statement =~ /\)[^()]*=\s*(?:0|default|delete)\s*$/;
    1 while $statement =~ s/(?<!operator)(?<![<\s])<[^<>()]*(?:\([^()]*\)[^<>()]*)*>//g;
    return $statement =~ /^[^=(]*?((?:\w+::)*(?:~?\w+|operator\s*[^\s\w(]+|operator\(\)|operator\s+\w+))\s*\((?!\s*\*)/ ? $1 : undef;
}

my $findings = 0;
for my $header (glob 'src/*/*.hpp') {
    next if $header =~ $exceptions;
    (my $own = $header) =~ s/\.hpp$/.cpp/;
    my (%declared, %inline, %defined);
    scan(text_of($header), sub {
        my ($statement, $scope, $has_body) = @_;
        my $name = name_of($statement) or return;
        $name = "${scope}::$name" if $scope;
        ($has_body || $statement =~ /\b(?:inline|constexpr)\b/ ? $inline{$name} : $declared{$name})++;
    });
    scan(text_of($own), sub {
        my ($statement, $scope, $has_body) = @_;
        return if $scope =~ /\(unnamed\)/;
        my $name = name_of($statement);
        $name = $1 if !$name && $statement =~ /^[^()=]*?((?:\w+::)*\w+)(?:\[[^\]]*\])?\s*(?:=|$)/s; # a variable
        $defined{$name}++ if $name;
    });
    for my $name (sort keys %declared) {
        next if ($defined{$name} // 0) + ($inline{$name} // 0) >= $declared{$name};
        print "$header: $name is not defined in $own: declare it in the header of the file that defines it\n";
        $findings++;
    }
}
exit($findings ? 1 : 0);
