#!/bin/bash
# What ALTER EXTENSION UPDATE runs: it replaces functions and views only, which the server allows for the extension's own, and
# grants or revokes nothing on what exists (docs/decisions/026).
version=$(sed -n "s/^default_version *= *'\(.*\)'/\1/p" datasurface.control)
status=0
for script in sql/datasurface--*--"$version".sql; do
    [ -e "$script" ] || { echo "no script is made yet"; exit 77; }
    code=$(sed 's/--.*//' "$script")
    grep -niE 'CREATE +OR +REPLACE' <<< "$code" | grep -vE ':CREATE OR REPLACE (FUNCTION|PROCEDURE|VIEW) datasurface\.' && { echo "$script: it replaces something else"; status=1; }
    grep -niE 'IF +NOT +EXISTS' <<< "$code" && { echo "$script: it adopts what somebody else made"; status=1; }
    grep -niE '^ *SET +(SESSION +)?search_path' <<< "$code" && { echo "$script: a plain SET outlives the script: SET LOCAL"; status=1; }
    [ "$(grep -c '^SET LOCAL search_path = pg_catalog, pg_temp;$' <<< "$code")" = 1 ] || { echo "$script: SET LOCAL search_path = pg_catalog, pg_temp is missing"; status=1; }
    # what is granted on is made in this script
    grep -E '^(GRANT|REVOKE) ' <<< "$code" | grep -oE 'datasurface\.[a-z_]+' | sort -u | while read -r name; do
        grep -qE "^CREATE (TABLE|VIEW|FUNCTION|PROCEDURE) $name\b" <<< "$code" || echo "$script: grants on $name, which it has not made"
    done | grep . && status=1
done
exit $status
