#!/bin/bash
# Each test that SECURITY.md names is there: a scene, a spec or a TAP file.
status=0
for name in $(sed -n '/^## How it is tested/,$p' SECURITY.md | grep -oE '`[a-z0-9_]+`' | tr -d '`'); do
    [ -n "$(ls test/sql/"$name".sql test/specs/"$name".spec test/t/"$name".pl 2> /dev/null)" ] && continue
    echo "SECURITY.md names $name, and there is no such test"
    status=1
done
exit $status
