#!/bin/bash
# The version stands in the control file; where it is repeated, it is the same.
version=$(sed -n "s/^default_version *= *'\(.*\)'/\1/p" datasurface.control)
status=0
[ -n "$version" ] || { echo "datasurface.control has no default_version"; status=1; }
# META.json: its own version, the provided extension's, and the file name
grep -oE '"version": "[^"]*"' META.json | grep -vF '"version": "1.0.0"' | grep -vF "\"$version\"" | sed 's/^/META.json: /' | grep . && status=1
grep -qF "sql/datasurface--$version.sql" META.json || { echo "META.json: its file is not sql/datasurface--$version.sql"; status=1; }
# CHANGELOG.md: the newest entry
if [ -e CHANGELOG.md ]; then
    newest=$(grep -m1 -oE '^## +\[?[0-9]+\.[0-9]+\.[0-9]+' CHANGELOG.md | grep -oE '[0-9.]+$')
    [ "$newest" = "$version" ] || { echo "CHANGELOG.md: newest entry is ${newest:-missing}, not $version"; status=1; }
fi
exit $status
