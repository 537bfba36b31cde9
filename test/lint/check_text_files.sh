#!/bin/bash
# What .editorconfig says, checked: no tabs in code (but Perl tests, which follow those of PostgreSQL), no trailing blanks, a line end at the end. Outputs are as they are.
status=0
while IFS= read -r file; do
    grep -nE '[[:blank:]]+$' "$file" | sed "s|^|$file:|" | head -n 3 | grep . && status=1
    case $file in *.cpp | *.hpp | *.sql | *.sh | *.json) grep -nP '\t' "$file" | sed "s|^|$file: tab: |" | head -n 3 | grep . && status=1 ;; esac
    [ -z "$(tail -c 1 "$file")" ] || { echo "$file: no line end at its end"; status=1; }
done < <(find src sql/install sql/updates sql/make_update.sh sql/functions sql/views previous test demo docs docker Makefile README.md CHANGELOG.md CONTRIBUTING.md META.json -type f \
    \( -name '*.cpp' -o -name '*.hpp' -o -name '*.sql' -o -name '*.pl' -o -name '*.pm' -o -name '*.sh' -o -name '*.spec' -o -name '*.md' -o -name '*.json' -o -name Makefile \) \
    -not -path 'test/fixtures/*' 2> /dev/null)
exit $status
