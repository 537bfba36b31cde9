#!/bin/bash
# C++ stands as .clang-format says; make format puts it so. Its versions differ among themselves, so only Debian 12's
# own one (14) is asked.
for tool in clang-format-14 clang-format; do
    "$tool" --version 2> /dev/null | grep -q 'version 14\.' && break
    tool=
done
[ -n "$tool" ] || { echo "clang-format 14 is not here"; exit 77; }
find src test -name '*.[ch]pp' -exec "$tool" --dry-run {} + 2>&1 | grep -oE '^[^:]+:[0-9]+' | awk -F: '{ count[$1]++ } END { for (file in count) print file ": " count[file] " places; make format mends them" }' | sort | grep . && exit 1
exit 0
