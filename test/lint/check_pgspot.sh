#!/bin/bash
# pgspot finds names in extension scripts that a search_path could capture. It comes from PyPI, into build/pgspot; a
# machine without network, or without Python's venv, goes without.
version=0.9.4
script=sql/datasurface--$(sed -n "s/^default_version *= *'\(.*\)'/\1/p" datasurface.control).sql
[ -e "$script" ] || { echo "the script is not made yet"; exit 77; }
if [ ! -x build/pgspot/bin/pgspot ]; then
    { rm -rf build/pgspot && timeout 60 python3 -m venv build/pgspot &&
        timeout 120 build/pgspot/bin/pip install --quiet --retries 1 --timeout 10 "pgspot==$version"; } > /dev/null 2>&1 ||
        { rm -rf build/pgspot; echo "pgspot cannot be had here"; exit 77; }
fi
build/pgspot/bin/pgspot "$script" > build/pgspot.log 2>&1 || { cat build/pgspot.log; exit 1; }
# An update replaces functions and views of its own (PS002, PS015), which check_update_scripts looks at.
for update in sql/datasurface--*--"${script##*--}"; do
    build/pgspot/bin/pgspot --ignore PS002 --ignore PS015 "$update" > build/pgspot.log 2>&1 || { cat build/pgspot.log; exit 1; }
done
