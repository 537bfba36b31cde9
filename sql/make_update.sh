#!/bin/bash
# sql/make_update.sh FROM: writes the script that brings the extension from version FROM to this one: the catalog changes of
# sql/updates since FROM, version by version, and then all functions and views as they are now.
#
# Functions and views that exist are replaced, so that they keep their grants and whatever depends on them. The server refuses
# to replace one that is not the extension's own (CVE-2022-2625), and a view's columns unless more are added behind them.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
mapfile -t updates < <(printf '%s\n' sql/updates/*.sql | sort -V | sed -n "\|/$1--|,\$p")
[ ${#updates[@]} -gt 0 ] || { echo "sql/updates has nothing from $1" >&2; exit 1; }
read -ra new <<< "$(sed -n 's/^-- new: //p' "${updates[@]}" | tr '\n' ' ')"

cat << END
/* Made by make from sql/updates, sql/functions and sql/views; edit those. */
\\echo Use "ALTER EXTENSION datasurface UPDATE" to load this file. \\quit
SET LOCAL search_path = pg_catalog, pg_temp;
END
for file in "${updates[@]}" sql/functions/*.sql sql/views/*.sql; do
    printf '\n-- %s\n' "$file"
    case $file in
        sql/updates/*) cat "$file" ;;
        *)
            if [[ " ${new[*]-} " == *" $(basename "$file" .sql) "* ]]; then
                cat "$file"
            else
                sed -E -e 's/^CREATE (FUNCTION|PROCEDURE|VIEW) /CREATE OR REPLACE \1 /' -e '/^(GRANT|REVOKE) /d' "$file"
            fi
            ;;
    esac
done
