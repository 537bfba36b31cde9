#!/bin/bash
# Does each lint find what it is there for? faults/NAME/ has files with faults that the lint check_NAME must find. They are laid
# over a copy of the tree, in which the lint then runs: it must end with 1, and what it prints must contain each line of
# faults/NAME/expect. Where a fault is no new file but a change of one, the script faults/NAME/plant makes it, run in the copy.
#
#   test/lint/run_faults.sh [NAME...]    all, when none is named. One line per lint: ok or FAILED.
cd "$(dirname "${BASH_SOURCE[0]}")/../.." || exit 1
root=$PWD status=0
copy=$(mktemp -d /tmp/dsfaults.XXXXXX)
trap 'rm -rf "$copy"' EXIT
[ $# -gt 0 ] || set -- $(cd test/lint/faults && ls)

# plant NAME: a fresh copy of the tree, with the faults. What was built is looked at where it is.
plant() {
    rm -rf "$copy/tree" && mkdir "$copy/tree" && cd "$copy/tree" || return
    tar -C "$root" --exclude=./.git --exclude=./build --exclude=./test/lint/faults -c . | tar -x
    [ ! -d "$root/build" ] || ln -s "$root/build" build
    (cd "$root/test/lint/faults/$1" && tar --exclude=./expect --exclude=./plant -c .) | tar -x
    [ ! -e "$root/test/lint/faults/$1/plant" ] || "$root/test/lint/faults/$1/plant"
}

# look NAME: says what is wrong with the lint
look() {
    local check line findings ended
    check=$(cd "$root" && ls "test/lint/check_$1".*) || return
    plant "$1" || { echo "the faults could not be planted"; return; }
    findings=$("$check" 2>&1)
    ended=$?
    [ $ended = 1 ] || echo "it ended with $ended, not 1"
    while IFS= read -r line; do
        grep -qF -- "$line" <<< "$findings" || echo "it does not say: $line"
    done < "$root/test/lint/faults/$1/expect"
}

for name; do
    wrong=$(look "$name" 2>&1)
    if [ -z "$wrong" ]; then
        echo "ok ${name//_/ } finds what was planted"
    else
        echo "FAILED ${name//_/ } finds what was planted"
        printf '%s\n' "$wrong" | sed 's/^/    /'
        status=1
    fi
done
exit $status
