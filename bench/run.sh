#!/bin/bash
# make bench: the merge against what SQL can do, on a private server. SIZE=small|medium|unchanged|large, ONLY="mixed wide" takes a
# part, SAVE=1 writes docs/benchmark.md and its plots. What an earlier run left is thrown away, the server ends with it.
set -euo pipefail
ROOT=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
PG=${PG:-15}
cd "$ROOT"
. test/lib/common.sh
. test/lib/server.sh

# ---- build and install -------------------------------------------------------------------------------------------------

# shellcheck disable=SC2046 # a list of words
need_packages $(build_packages "$PG") xz-utils python3
PG_CONFIG=$(pg_config_of "$PG")
BINDIR=$("$PG_CONFIG" --bindir)

say "build for $("$PG_CONFIG" --version), and install into $("$PG_CONFIG" --pkglibdir)"
make --no-print-directory --silent -j"$(nproc)" PG_CONFIG="$PG_CONFIG" all
installer=()
if [ ! -w "$("$PG_CONFIG" --pkglibdir)" ]; then
    note "that folder is root's: installing through sudo"
    installer=(as_root)
fi
"${installer[@]}" make --no-print-directory --silent PG_CONFIG="$PG_CONFIG" install > /dev/null

# ---- a private server --------------------------------------------------------------------------------------------------

say "a private server, run by $(server_account), without TCP"
server_place bench "$ROOT/build/bench/server"
server_stop "$DATA" immediate
rm -rf "$PLACE" "$SOCKETS"
mkdir "$PLACE" "$SOCKETS" # no -p: in a folder that all may write to, nobody else's will do
give_to_server "$PLACE" "$SOCKETS"
chmod 700 "$PLACE" "$SOCKETS"
server_init "$DATA"
trap 'server_stop "$DATA" immediate; rm -rf "$PLACE" "$SOCKETS"' EXIT

# A quarter of the memory, up to 8 GB. Durable as by default; nothing runs in between that a case did not ask for.
memory=$(($(getconf _PHYS_PAGES) * $(getconf PAGE_SIZE) / 1048576))
buffers=$((memory / 4 < 8192 ? memory / 4 : 8192))
server_start "$DATA" "$SOCKETS" shared_buffers=${buffers}MB effective_cache_size=$((memory * 3 / 4))MB max_wal_size=32GB \
    checkpoint_timeout=1d autovacuum=off random_page_cost=1.1 max_locks_per_transaction=1024 max_connections=20
note "data in $DATA, log in $DATA.log"
"$BINDIR/createdb" --host="$SOCKETS" --username=postgres bench

# ---- the cases ---------------------------------------------------------------------------------------------------------

export BENCH_ROOT=$ROOT BENCH_PLACE=$PLACE BENCH_SOCKETS=$SOCKETS BENCH_PSQL=$BINDIR/psql BENCH_DATABASE=bench
export BENCH_OUTPUT=$ROOT/build/bench SIZE ONLY SAVE
BENCH_COMMIT=$(git rev-parse --short HEAD 2> /dev/null || true)
export BENCH_COMMIT
say "the cases of SIZE=${SIZE:-medium}"
PYTHONDONTWRITEBYTECODE=1 python3 bench/bench.py
