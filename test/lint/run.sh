#!/bin/bash
# make lint: runs every check_* of this folder. A check prints what it found and ends with 0 (nothing), 1 (something)
# or 77 (it could not look, and says why). One line per check: ok, FAILED or skipped.
cd "$(dirname "${BASH_SOURCE[0]}")/../.." || exit 1
status=0
for check in test/lint/check_*; do
    name=$(basename "${check%.*}" | sed 's/^check_//; s/_/ /g')
    findings=$("$check" 2>&1)
    case $? in
        0) echo "ok $name${findings:+ ($findings)}" ;;
        77) echo "skipped $name: $findings" ;;
        *)
            echo "FAILED $name"
            printf '%s\n' "$findings" | sed 's/^/    /'
            status=1
            ;;
    esac
done
# And each must find what is planted for it.
test/lint/run_faults.sh || status=1
exit $status
