#!/bin/bash
# What CREATE EXTENSION runs must not adopt objects that somebody made before (CVE-2022-2625), nor leave a search_path
# in the installer's session, nor trust one. pgspot (from PyPI) looks deeper where it can be had.
script=sql/datasurface--$(sed -n "s/^default_version *= *'\(.*\)'/\1/p" datasurface.control).sql
[ -e "$script" ] || { echo "the script is not made yet"; exit 77; }
status=0
code=$(sed 's/--.*//' "$script")
grep -niE 'CREATE +OR +REPLACE|IF +NOT +EXISTS' <<< "$code" && { echo "the install script creates, it does not adopt"; status=1; }
grep -niE '^ *SET +(SESSION +)?search_path' <<< "$code" && { echo "a plain SET outlives the script: SET LOCAL"; status=1; }
grep -qiE '^ *SET +LOCAL +search_path *= *pg_catalog, *pg_temp' <<< "$code" || { echo "SET LOCAL search_path = pg_catalog, pg_temp is missing"; status=1; }
exit $status
