#!/bin/bash
# A function fits a screen: 60 lines between the braces that stand alone in the first column.
find src test -name '*.[ch]pp' -exec awk '
    /^\{$/ { begin = FNR }
    /^\}$/ { if (begin && FNR - begin - 1 > 60) { print FILENAME ":" begin ": a function of " FNR - begin - 1 " lines"; bad = 1 }; begin = 0 }
    END { exit bad }' {} +
