#!/bin/bash
# test/lib/ending.sh: a check that is told to end does so at once and leaves no process and no folder, also when what it runs has
# a process group of its own, as timeout makes one. What a killed check leaves is ended by the next.
ROOT=$(mktemp -d)
export ROOT
lib=$PWD/test/lib status=0 left=
# shellcheck source=/dev/null
. "$lib/ending.sh"
trap 'end_processes "$left"; rm -rf "$ROOT" "$left"' EXIT

# A check in small: its work lasts a minute, in a process group of its own.
cat > "$ROOT/check" << END
#!/bin/bash
for part in common server ending; do . "$lib/\$part.sh"; done
keep_results() { :; }
end_check_well "$ROOT/folder"
end_dead_check
[ "\$1" = again ] && exit
work_in "\$(mktemp -d /tmp/dscheck.XXXXXX)"
cd "\$WORK"
await timeout 60 sleep 60
END

found() { echo "$*"; status=1; }

# until_true COMMAND...: for ten seconds at least
until_true() {
    local try
    for ((try = 0; try < 200; try++)); do
        "$@" && return
        sleep 0.05
    done
    return 1
}
works() { left=$(cat "$ROOT/folder" 2> /dev/null) && [ "$(processes_in "$left" | wc -l)" -ge 3 ]; }
gone() { [ ! -e "$left" ] && [ -z "$(processes_in "$left")" ]; }

for signal in INT TERM HUP KILL; do
    # In a process group of its own, as SIGINT is ignored by what is started with & otherwise. And bash cannot trap what was
    # ignored when it started, which is how & and nohup may have started us.
    set -m
    env --default-signal bash "$ROOT/check" begin &
    check=$!
    set +m
    until_true works || found "the check did not begin"
    kill -$signal $check
    # bash tells of a killed job
    [ $signal != KILL ] || { { wait $check; } 2> /dev/null; bash "$ROOT/check" again > /dev/null; }
    until_true gone || found "after SIG$signal: $(processes_in "$left" | wc -l) processes, $(find "$left" -maxdepth 0 2> /dev/null)"
done
exit $status
