#!/bin/bash
# make demo-stop: ends the demo's server. Its data stay until the next make demo.
set -euo pipefail
ROOT=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
. "$ROOT/test/lib/common.sh"
. "$ROOT/test/lib/server.sh"
server_place demo "$ROOT/build/demo"

BINDIR=$(pg_bindir "${PG:-15}")
if as_server test -e "$DATA/postmaster.pid"; then
    server_stop "$DATA"
    echo "the demo's server is stopped"
else
    echo "the demo's server is not running"
fi
