#!/bin/bash
# make check: everything that can be checked, against one major version of the server.
#
#   PG=15 (default)     the server of this machine; another version that is not installed here runs in a chroot
#   ONLY="unit lint"    parts, of: unit lint regress isolation tap
#   SCENES="a b"        only these scenes, specs or TAP files, named without their ending
#   DATASURFACE_SEED, DATASURFACE_SECONDS: which seed random tests draw, and for how long (test/lib/Datasurface/Seeds.pm)
#   SANITIZE=1          the library is built with sanitizers, the server runs in the chroot (test/lib/sanitize.sh)
#
# Ends with one line "N passed, N failed"; results and logs stay in build/check/$PG.
set -uo pipefail
ROOT=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)
PG=${PG:-15} ONLY=${ONLY:-} SCENES=${SCENES:-} SANITIZE=${SANITIZE:-}
cd "$ROOT" || exit 1
. test/lib/common.sh
. test/lib/server.sh
. test/lib/ending.sh
. test/lib/results.sh
. test/lib/sanitize.sh

case $PG in 15 | 16 | 17 | 18) ;; *) die "PostgreSQL 15 to 18 are supported, not $PG" ;; esac
# One check of a version at a time in a folder; what a check starts must not inherit the lock and keep it.
mkdir -p build
exec 9> "build/check-$PG.lock"
flock --nonblock 9 || { note "another check of $PG runs in this folder, waiting for it" && flock 9; }

if [ "$PG" != 15 ] && [ ! -x "$(pg_bindir "$PG")/postgres" ]; then exec test/lib/chroot.sh; fi
if [ -n "$SANITIZE" ] && [ ! -e /.datasurface-chroot ]; then exec test/lib/chroot.sh; fi
end_check_well "$ROOT/build/check-$PG.folder"
end_dead_check

wanted() { [ -z "$ONLY" ] || [[ " $ONLY " == *" $1 "* ]]; }

# ---- what is needed, and the build -------------------------------------------------------------------------------------

# shellcheck disable=SC2046 # a list of words
need_packages $(build_packages "$PG") libgtest-dev libipc-run-perl perl xz-utils
# A second compiler and other judges are asked once, on the machine itself; the chroots of other versions do without.
[ -e /.datasurface-chroot ] || need_packages clang clang-format-14 python3-venv postgresql-15-mysql-fdw mariadb-server-core mariadb-client-core

PG_CONFIG=$(pg_config_of "$PG") || exit 1
BINDIR=$("$PG_CONFIG" --bindir) SERVER_PATH=$("$PG_CONFIG" --bindir)
PGXS_DIR=$(dirname "$(dirname "$("$PG_CONFIG" --pgxs)")")
OUT=$ROOT/build/check/$PG${SANITIZE:+-sanitize}
rm -rf "$OUT"
mkdir -p "$OUT"
results_open "$OUT/results"

build() {
    await make --no-print-directory -j"$(nproc)" WERROR=1 SANITIZE="$SANITIZE" PG_CONFIG="$PG_CONFIG" \
        CXX="${CXX:-g++}" "$@" > "$OUT/make.log" 2>&1
}
build_or_stop() {
    build "$@" && return
    grep -v '^  compile' "$OUT/make.log" | head -n 80
    failed build "make $*"
    results_close
    exit 1
}

# Installs into the server, as root where it must be.
install_or_stop() {
    if [ -w "$("$PG_CONFIG" --pkglibdir)" ]; then
        build_or_stop "$@"
    else
        note "installing into $("$PG_CONFIG" --pkglibdir) through sudo"
        as_root make --no-print-directory PG_CONFIG="$PG_CONFIG" "$@" > "$OUT/make.log" 2>&1 || die "make $* failed"
    fi
}

# Is a TAP test selected that updates from a released version?
needs_previous() {
    local file
    for file in $(grep -l '^use Datasurface::Previous' test/t/*.pl); do
        [ -z "$SCENES" ] || [[ " $SCENES " == *" $(basename "$file" .pl) "* ]] && return
    done
    return 1
}

say "build for $("$PG_CONFIG" --version), warnings are errors"
if wanted unit; then build_or_stop unit-build; fi
if wanted lint || wanted regress || wanted isolation || wanted tap; then
    build_or_stop all
    build_or_stop test-library
fi
if wanted regress || wanted isolation || wanted tap; then
    install_or_stop install
fi
if wanted tap && needs_previous; then
    # not optimized, for it serves a few batches, and so not in the folder of those that packages are made of
    previous=(PREVIOUS_AT=build/test/previous PREVIOUS_OPTIMIZE=-O0)
    build_or_stop previous "${previous[@]}"
    install_or_stop install-previous "${previous[@]}"
fi
note "done in $SECONDS s"

# ---- without a server --------------------------------------------------------------------------------------------------

check_unit() {
    say "unit tests"
    local log=$OUT/unit.log status
    "build/unit${SANITIZE:+-sanitize}/unit" > "$log" 2>&1
    status=$?
    count passed unit "$(grep -c '^\[       OK \]' "$log")"
    count failed unit "$(grep -c '^\[  FAILED  \].*ms)$' "$log")"
    tail -n 1 "$log"
    [ $status = 0 ] && return
    grep -q '^\[  FAILED  \].*ms)$' "$log" || failed unit "the program ended with $status"
    grep -v '^\[ RUN \|^\[       OK' "$log" | head -n 100
}

check_lint() {
    say "lint"
    local log=$OUT/lint.log
    test/lint/run.sh 2>&1 | tee "$log"
    count passed lint "$(grep -c '^ok ' "$log")"
    count failed lint "$(grep -c '^FAILED ' "$log")"
    [ ! -e /.datasurface-chroot ] || return 0
    if build clang-check; then
        echo "ok clang++ has no warning" && passed lint
    else
        grep -v '^  compile' "$OUT/make.log" | head -n 60
        failed lint "clang++ has no warning"
    fi
}

# ---- with one --------------------------------------------------------------------------------------------------------------

# The checkout may stand where the server's account cannot read, so the tests run from a copy.
prepare_copy() {
    work_in "$(mktemp -d /tmp/dscheck.XXXXXX)"
    mkdir "$WORK/lib" "$WORK/sockets" "$WORK/regress" "$WORK/isolation" "$WORK/tap"
    mkdir -p expected
    cp -a test expected demo "$WORK/"
    cp "build/test/$(library_name).so" build/test/bridge.so build/test/fail_allocation.so "$WORK/lib/"
    [ -z "$SANITIZE" ] || sanitize_server "$WORK"
    give_to_server "$WORK"
    export DATASURFACE_TEST_LIB=$WORK/lib HOME=$WORK
    cd "$WORK" || exit 1
}

# Logs and differences outlive the copy, in build/check.
keep_results() {
    cp -a "$WORK/data.log" "$WORK/regress" "$WORK/isolation" "$OUT/" 2> /dev/null
    mkdir -p "$OUT/tap"
    (cd "$WORK/tap" && find . -type f \( -name '*.log' -o -path '*/tmp_check/log/*' \) -print0 |
        tar --null -T - -cf -) | tar -xf - -C "$OUT/tap"
    ! am_root || chown -R --reference="$ROOT" "$OUT"
}

start_server() {
    server_init "$WORK/data"
    # Nothing here survives the check, so nothing is flushed; prepared transactions and slots are for scenes to try.
    server_start "$WORK/data" "$WORK/sockets" fsync=off max_prepared_transactions=10 wal_level=logical \
        log_min_messages=warning log_line_prefix='%m:%q:%a:' log_lock_waits=on 9>&-
    run_sql "$WORK/sockets" template1 --file="$WORK/test/sql/lib/scene.sql"
    [ -z "$SANITIZE" ] || sanitize_check "$WORK/data"
}

# selected FOLDER ENDING: names of the tests there, those of SCENES when it is set
selected() {
    local file name
    for file in "$WORK/test/$1"/*."$2"; do
        name=$(basename "$file" ".$2")
        [ -z "$SANITIZE" ] || ! sanitize_skips "$name" || continue
        [ -e "$file" ] && { [ -z "$SCENES" ] || [[ " $SCENES " == *" $name "* ]]; } && echo "$name"
    done
}

# Tests are found by wildcard: none at all is a fault, unless SCENES asked for others.
none_found() { if [ -n "$SCENES" ]; then note "none of $SCENES"; else failed "$1" "no tests found"; fi; }

# run_regress KIND PROGRAM DATABASE NAMES...: both programs take the same options and report alike.
run_regress() {
    local kind=$1 program=$2 database=$3 out=$WORK/$1 log=$OUT/$1.log name
    shift 3
    [ $# -gt 0 ] || { none_found "$kind"; return; }
    # made here from template1, for the program would take template0
    run_sql "$WORK/sockets" postgres --command="CREATE DATABASE $database"
    run_sql "$WORK/sockets" "$database" --command="CREATE EXTENSION datasurface"
    local options=(--bindir="$BINDIR" --inputdir="$WORK/test" --outputdir="$out" --host="$WORK/sockets" --port=5432
        --user=postgres --dbname="$database" --use-existing)
    [ "$PG" = 15 ] || options+=(--expecteddir="$WORK/test")
    as_server timeout -k 10 480 "$PGXS_DIR/test/$program" "${options[@]}" "$@" > "$log" 2>&1
    # 15 says "test name ... ok", later ones speak TAP: "ok 1 - name"
    grep -E '^(test |ok |not ok )|^\(|FATAL|ERROR|could not' "$log"
    for name in "$@"; do
        if grep -qE "^(test +$name +\.\.\. ok|ok [0-9]+ +[-+] $name )" "$log"; then
            passed "$kind"
        else
            failed "$kind" "$name"
        fi
    done
    [ ! -s "$out/regression.diffs" ] || head -n 400 "$out/regression.diffs"
}

# One TAP file in a folder of its own: a passed or failed for each of its top-level assertions, or for a death.
run_tap() {
    local name=$1 folder=$WORK/tap/$1 log=$WORK/tap/$1.log status
    as_server mkdir "$folder"
    (cd "$folder" && as_server env PATH="$SERVER_PATH:$PATH" TESTDIR="$folder" TESTDATADIR="$folder/tmp_check" \
        TESTLOGDIR="$folder/tmp_check/log" PG_REGRESS="$PGXS_DIR/test/regress/pg_regress" PG_TEST_PORT_DIR="$WORK/ports" \
        PGPORT=65432 timeout -k 10 $((480 + ${DATASURFACE_SECONDS:-0})) prove --verbose --timer \
        -I "$PGXS_DIR/test/perl" -I "$WORK/test/lib" "$WORK/test/t/$name.pl") > "$log" 2>&1
    status=$?
    count passed tap "$(grep -c '^ok [0-9]' "$log")"
    count failed tap "$(grep -c '^not ok [0-9]' "$log")"
    if [ $status = 0 ]; then
        echo "ok $name ($(grep -c '^ok [0-9]' "$log") assertions)"
        # what a random test drew, so that it can be drawn again
        sed -n 's/^# \(seed [0-9]*\)$/   \1/p' "$log"
    else
        echo "FAILED $name"
        grep -q '^not ok [0-9]' "$log" || failed tap "$name died"
        { tail -n 60 "$log"; find "$folder" -name 'regress_log_*' -exec tail -n 20 {} +; } | cut -c 1-400
    fi
}

# As many at a time as there are cores.
run_taps() { selected t pl | xargs -r -P "$(nproc)" -I{} bash -c 'run_tap {}'; }

if wanted unit; then await check_unit; fi
if wanted lint; then await check_lint; fi
if wanted regress || wanted isolation || wanted tap; then prepare_copy; fi
if wanted regress || wanted isolation; then start_server; fi
if wanted regress; then
    say "scenes"
    # shellcheck disable=SC2046
    await run_regress regress regress/pg_regress datasurface_regress $(selected sql sql)
fi
if wanted isolation; then
    say "isolation"
    # A scene may have crashed the server, which is told below; that must not fail these too.
    as_server "$BINDIR/pg_ctl" status --pgdata="$WORK/data" > /dev/null && as_server timeout 60 \
        bash -c 'until "$0" -q -h "$1"; do sleep 0.2; done' "$BINDIR/pg_isready" "$WORK/sockets"
    # shellcheck disable=SC2046
    await run_regress isolation isolation/pg_isolation_regress datasurface_isolation $(selected specs spec)
fi
if wanted regress || wanted isolation; then
    server_stop "$WORK/data" fast
    if grep -E 'PANIC|was terminated by signal|TRAP:' "$WORK/data.log"; then failed server "it crashed, see data.log"; fi
fi
if wanted tap; then
    say "TAP"
    export -f run_tap as_server am_root count passed failed
    export WORK SERVER_PATH PGXS_DIR RESULTS PATH
    [ -n "$(selected t pl)" ] || none_found tap
    await run_taps
fi
if [ -n "$SANITIZE" ] && [ -n "${WORK:-}" ]; then sanitize_reports "$WORK"; fi
results_close
