#!/usr/bin/perl
# Includes point down the layers of layers.txt; so the tree of rooms stays what the picture in docs/architecture.md says.
# Pure files (the lower rooms, and plan* files wherever they are) see nothing but pure files.
use strict;
use warnings;

my (%level, %also);
my $number = 0;
open my $layers, '<', 'test/lint/layers.txt' or die "layers.txt: $!";
while (<$layers>) {
    next if /^#|^\s*$/;
    $number++;
    while (/(\w+)(?:\s*\[([^\]]*)\])?/g) {
        my ($room, $friends) = ($1, $2 // '');
        $level{$room} = $number;
        $also{$room}{$_} = 1 for split ' ', $friends;
    }
}
my $pure_level = $level{model};

# room_of: the layer that a file counts as
sub room_of {
    my ($path) = @_;
    my ($room, $file) = $path =~ m{^(?:src/)?(\w+)/(.+)$} or return undef;
    return 'plan' if $file =~ /^plan/ && ($level{$room} // 0) < $pure_level;
    return $room;
}

my $findings = 0;
sub found { print "$_[0]\n"; $findings++; }

for my $path (glob 'src/*/*.cpp src/*/*.hpp') {
    my $room = room_of($path);
    if (!defined $level{$room}) { found("$path: room $room is not in layers.txt"); next; }
    my ($folder) = $path =~ m{^src/(\w+)/};
    open my $file, '<', $path or die "$path: $!";
    while (<$file>) {
        my ($included) = /^\s*#\s*include\b\s*(.*)/ or next;
        $included =~ s/^([<"])(.*?)[>"].*/$2/ or found("$path:$.: an include whose file is not named");
        # one spelling, or the same file would be seen here under one name and not under another
        (my $beside = $path) =~ s{[^/]*$}{$included};
        found("$path:$.: \"$included\" is ours: name it with quotes, as \"room/file.hpp\"")
            if -e "src/$included" ? /include\s*</ || $included =~ m{(?:^|/)\.} : -e $beside;
        found("$path:$.: a header includes stop_point.hpp: the Makefile's list of what the test library compiles again looks at .cpp files only")
            if $included eq 'pg/stop_point.hpp' && $path =~ /\.hpp$/;
        next unless -e "src/$included";    # the server's and libraries' headers are other checks' business
        my ($included_folder) = $included =~ m{^(\w+)/} or next;
        my $target = room_of($included);
        next if $target eq $room;
        next if $target eq 'plan' && $included_folder eq $folder && $room ne 'plan';
        next if ($level{$target} // 0) > $level{$room};
        next if $also{$room}{$target};
        found("$path:$.: $room includes $included, which is not below it");
    }
}
exit($findings ? 1 : 0);
