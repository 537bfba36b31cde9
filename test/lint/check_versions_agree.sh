#!/bin/bash
# The version stands in the control file; where it is repeated, it is the same. The library's file has its first two numbers.
version=$(sed -n "s/^default_version *= *'\(.*\)'/\1/p" datasurface.control)
library=datasurface-${version%.*}
status=0
# says FILE TEXT...: each of these texts stands there
says() {
    local file=$1 text
    shift
    for text in "$@"; do
        grep -qsF -- "$text" "$file" || { echo "$file lacks: $text"; status=1; }
    done
}
[[ $version =~ ^[0-9]+\.[0-9]+\.[0-9]+$ ]] || { echo "datasurface.control: default_version is '$version'"; status=1; }
says datasurface.control "module_pathname = '$library'"
says src/base/version.hpp "version[] = \"$version\"" "library_name[] = \"$library\""
says META.json "sql/datasurface--$version.sql"
# META.json: its own version, and the provided extension's
grep -oE '"version": "[^"]*"' META.json | grep -vF '"version": "1.0.0"' | grep -vF "\"$version\"" | sed 's/^/META.json: /' | grep . && status=1
# Each version that is updated from is archived, and tells in which library its functions are.
for update in sql/updates/*.sql; do
    from=$(basename "$update") && from=${from%%--*}
    [ -e "previous/datasurface-$from.tar.xz" ] || { echo "previous: no archive of $from"; status=1; }
    says "previous/datasurface--$from.control" "module_pathname = "
done
[ -e "${update%--*}--$version.sql" ] || { echo "sql/updates: ${update##*/} does not lead to $version"; status=1; }
# CHANGELOG.md: the newest entry
newest=$(grep -m1 -oE '^## +[0-9]+\.[0-9]+\.[0-9]+' CHANGELOG.md | grep -oE '[0-9.]+$')
[ "$newest" = "$version" ] || { echo "CHANGELOG.md: newest entry is ${newest:-missing}, not $version"; status=1; }
# a name of the library of another version, where people read how to load it
grep -rnoE 'datasurface-[0-9]+\.[0-9]+' CONTRIBUTING.md README.md docs/*.md test/sql | grep -vE "$library\$" && status=1
exit $status
