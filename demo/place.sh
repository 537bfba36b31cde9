# Where the demo's server lives. Sourced after test/lib/common.sh and test/lib/server.sh.

mkdir -p "$ROOT/build"
PLACE=$ROOT/build/demo
# A checkout in root's home, say, is out of reach for the account that the server runs under.
if ! as_server test -x "$ROOT/build"; then
    PLACE=/var/tmp/datasurface-demo
    note "$(server_account) cannot reach $ROOT: the demo's server lives in $PLACE"
fi
DATA=$PLACE/data
SOCKETS=$PLACE/sockets
[ ${#SOCKETS} -le 85 ] || SOCKETS=/tmp/datasurface-demo-$(cksum <<< "$PLACE" | cut -d' ' -f1)
DATABASE=demo
