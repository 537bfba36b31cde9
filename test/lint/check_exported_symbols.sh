#!/bin/bash
# The server loads all libraries into one name space: what we export is ours by its name, and nothing of ours that is
# called is missing (a plug-in links without complaint, and dies on its first call).
status=0
name=$(sed -n "s/^module_pathname *= *'\(.*\)'/\1/p" datasurface.control)
for library in "build/release/$name.so" "build/test/$name.so"; do
    [ -e "$library" ] || continue
    seen=1
    foreign=$(nm --dynamic --defined-only "$library" | awk '{ print $NF }' |
        grep -vE '^(ds_[a-z_0-9]+|datasurface_[a-z_0-9]+|pg_finfo_(ds|datasurface)_[a-z_0-9]+|Pg_magic_func|_PG_init)$')
    [ -z "$foreign" ] || { echo "$library exports what is not ours:"; c++filt <<< "$foreign" | head -n 20; status=1; }
    missing=$(nm --dynamic --undefined-only "$library" | awk '{ print $NF }' | c++filt | grep 'datasurface::')
    [ -z "$missing" ] || { echo "$library lacks what it calls:"; head -n 20 <<< "$missing"; status=1; }
done
[ -n "${seen:-}" ] || { echo "nothing is built yet"; exit 77; }
exit $status
