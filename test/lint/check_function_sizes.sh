#!/bin/bash
# A function fits a screen: 60 lines between its braces, which stand alone on their lines. A method counts like any other, however
# far it is indented. A body that begins on its head's line (a lambda, a loop) belongs to the function around it.
find src test -name '*.[ch]pp' -exec awk '
    /^ *\{$/ { begin[index($0, "{")] = FNR; next }
    /^ *\}/ {
        at = index($0, "}")
        if (begin[at] && FNR - begin[at] - 1 > 60) { print FILENAME ":" begin[at] ": a function of " FNR - begin[at] - 1 " lines"; bad = 1 }
        begin[at] = 0
    }
    END { exit bad }' {} +
