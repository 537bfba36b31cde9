#!/bin/bash
# make bench: the merge against what SQL can do, on a private server. SIZE=small|medium|unchanged|large, ONLY="mixed wide" takes a
# part, ONLY=small runs many small batches, ONLY=definitions loads and creates many datasets. BASE=<commit> compares with the build of
# that commit, on a second server in the same run. PERF=1 with ONLY=small also tells where a backend's time goes. SAVE=1 writes
# docs/benchmark.md and its plots.
# What an earlier run left is thrown away, the servers end with it.
set -euo pipefail
ROOT=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
PG=${PG:-15}
cd "$ROOT"
. test/lib/common.sh
. test/lib/server.sh
. bench/builds.sh

# shellcheck disable=SC2046 # a list of words
need_packages $(build_packages "$PG") xz-utils python3 $([ -z "${PERF:-}" ] || echo linux-perf)
PG_CONFIG=$(pg_config_of "$PG")

# ---- a server for each build -------------------------------------------------------------------------------------------

# A quarter of the memory, up to 8 GB. Durable as by default.
memory=$(($(getconf _PHYS_PAGES) * $(getconf PAGE_SIZE) / 1048576))
buffers=$((memory / 4 < 8192 ? memory / 4 : 8192))
settings=(shared_buffers=${buffers}MB effective_cache_size=$((memory * 3 / 4))MB max_wal_size=32GB random_page_cost=1.1
    checkpoint_timeout=1d)
# Many definitions must do with the server's own table of locks. fsync would take the same time whoever makes the tables.
if [ "${ONLY:-}" = definitions ]; then
    settings+=(fsync=off)
else
    settings+=(max_locks_per_transaction=1024 max_connections=20)
fi
# Small batches and definitions are measured with all that they bring about. Beside a merge, nothing runs that a case did not ask for.
[[ ${ONLY:-} = small || ${ONLY:-} = definitions ]] || settings+=(autovacuum=off)

export BENCH_ROOT=$ROOT BENCH_OUTPUT=$ROOT/build/bench BENCH_DATABASE=bench SIZE ONLY SAVE PERF
SERVERS=()
trap end_servers EXIT
if [ -n "${BASE:-}" ]; then
    BENCH_BASE_COMMIT=$(git rev-parse --short "$BASE^{commit}") || die "BASE=$BASE is not a commit"
    sources_of "$BENCH_BASE_COMMIT" "$ROOT/build/bench/sources-$BENCH_BASE_COMMIT"
    server_of_build base "$ROOT/build/bench/sources-$BENCH_BASE_COMMIT" "${settings[@]}"
    export BENCH_BASE_COMMIT BENCH_BASE_SOCKETS=$SOCKETS BENCH_BASE_DATA=$DATA
fi
secrets=$ROOT/build/bench/secrets
mkdir -p "$ROOT/build/bench"
as_server test -x "$ROOT/build/bench" || secrets=/var/tmp/datasurface-bench-secrets
settings_of_this=("${settings[@]}")
if [ -z "${ONLY:-}" ] || [[ " $ONLY " == *" pull "* || " $ONLY " == *" load "* ]]; then
    rm -rf "$secrets"
    source_server "$secrets"
    settings_of_this+=("datasurface.secrets_directory=$secrets")
fi
BENCH_COMMIT=$(git rev-parse --short HEAD 2> /dev/null || true)
server_of_build this "$ROOT" "${settings_of_this[@]}"
export BENCH_COMMIT BENCH_PLACE=$PLACE BENCH_SOCKETS=$SOCKETS BENCH_DATA=$DATA BENCH_PSQL=$BINDIR/psql

# ---- the cases ---------------------------------------------------------------------------------------------------------

say "the cases of SIZE=${SIZE:-medium}"
PYTHONDONTWRITEBYTECODE=1 python3 bench/bench.py
