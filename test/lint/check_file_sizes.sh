#!/bin/bash
# Half of what makes a tree readable: no file past 450 lines, and a word of warning past 400.
status=0
while read -r lines file; do
    [ "$file" != total ] || continue
    if [ "$lines" -gt 450 ]; then
        echo "$file: $lines lines, 450 are allowed"
        status=1
    elif [ "$lines" -gt 400 ]; then
        echo "warning: $file: $lines lines"
    fi
done < <(find src sql/install sql/functions sql/views test demo Makefile -type f \
    \( -name '*.cpp' -o -name '*.hpp' -o -name '*.sql' -o -name '*.pl' -o -name '*.pm' -o -name '*.sh' -o -name '*.spec' -o -name Makefile \) -exec wc -l {} + 2> /dev/null)
exit $status
