#!/bin/bash
# Does each lint find what it is there for? faults/NAME/ has files with faults that the lint check_NAME must find. They are laid
# over a copy of the tree, in which the lint then runs: it must end with 1, and what it prints must contain each line of
# faults/NAME/expect. Where a fault is no new file but a change of one, the script faults/NAME/plant makes it, run in the copy.
#
# A lint that has no faults there is an error too.
#
#   test/lint/run_faults.sh [NAME...]    all, when none is named. One line per lint: ok, FAILED or skipped.
cd "$(dirname "${BASH_SOURCE[0]}")/../.." || exit 1
root=$PWD status=0
# In memory where possible: each lint gets a copy of all files, and most of the time goes into that.
place=/tmp
[ ! -w /dev/shm ] || place=/dev/shm
copy=$(mktemp -d $place/dsfaults.XXXXXX)
trap 'rm -rf "$copy"' EXIT
[ $# -gt 0 ] || set -- $(cd test/lint && ls -d check_* | sed 's/^check_//; s/\..*//')

# plant NAME: a fresh copy of the tree, with the faults. What was built is looked at where it is.
plant() {
    mkdir "$copy/$1" && cd "$copy/$1" || return
    tar -C "$root" --exclude=./.git --exclude=./build --exclude=./test/lint/faults --exclude=./demo/data -c . | tar -x
    [ ! -d "$root/build" ] || ln -s "$root/build" build
    (cd "$root/test/lint/faults/$1" && tar --exclude=./expect --exclude=./plant -c .) | tar -x
    [ ! -e "$root/test/lint/faults/$1/plant" ] || "$root/test/lint/faults/$1/plant"
}

# look NAME: says what is wrong with the lint
look() {
    local check line findings ended
    check=$(cd "$root" && ls "test/lint/check_$1".*) || return
    [ -e "$root/test/lint/faults/$1/expect" ] || { echo "test/lint/faults/$1 has no fault for it to find"; return; }
    plant "$1" || { echo "the faults could not be planted"; return; }
    findings=$("$check" 2>&1)
    ended=$?
    [ $ended != 77 ] || { echo "skipped: $findings"; return; }
    [ $ended = 1 ] || echo "it ended with $ended, not 1"
    while IFS= read -r line; do
        grep -qF -- "$line" <<< "$findings" || echo "it does not say: $line"
    done < "$root/test/lint/faults/$1/expect"
}

# report NAME: its line, and what is wrong
report() {
    local wrong
    wrong=$(look "$1" 2>&1)
    rm -rf "${copy:?}/$1"
    case $wrong in
        '') echo "ok ${1//_/ } finds what was planted" ;;
        skipped:*) echo "skipped ${1//_/ } finds what was planted${wrong#skipped}" ;;
        *)
            echo "FAILED ${1//_/ } finds what was planted"
            printf '%s\n' "$wrong" | sed 's/^/    /'
            ;;
    esac
}

# As many at a time as there are processors, reported in order.
jobs=$(nproc)
for name; do
    report "$name" > "$copy/$name.report" &
    while [ "$(jobs -rp | wc -l)" -ge "$jobs" ]; do wait -n; done
done
wait
for name; do
    cat "$copy/$name.report"
    ! grep -q '^FAILED' "$copy/$name.report" || status=1
done
exit $status
