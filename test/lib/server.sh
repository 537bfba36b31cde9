# A private server: own data folder, own socket folder, no TCP. Sourced after common.sh; BINDIR is the server's bin,
# and SERVER_PATH, if it is set, where pg_ctl is looked for.
# Everything here runs in /, for its account may not be able to enter the folder of the caller.

# server_place NAME FOLDER: where a server of ours lives, in PLACE, DATA and SOCKETS. FOLDER is in the checkout, which may lie
# where the server's account cannot read, in root's home, say: then it is a folder of that name for all.
server_place() {
    local name=$1
    PLACE=$2
    mkdir -p "$(dirname "$PLACE")"
    if ! as_server test -x "$(dirname "$PLACE")"; then
        PLACE=/var/tmp/datasurface-$name
        note "$(server_account) cannot reach $(dirname "$2"): the server lives in $PLACE"
    fi
    DATA=$PLACE/data
    SOCKETS=$PLACE/sockets
    [ ${#SOCKETS} -le 85 ] || SOCKETS=/tmp/datasurface-$name-$(cksum <<< "$PLACE" | cut -d' ' -f1)
}

# server_init DATA: a new cluster whose superuser is called postgres, whoever runs it.
server_init() {
    (cd / && as_server "$BINDIR/initdb" --pgdata="$1" --username=postgres --auth=trust --encoding=UTF8 --locale=C.UTF-8 \
        --no-sync) > "$1.initdb.log" 2>&1 || { cat "$1.initdb.log"; die "initdb failed"; }
}

# server_start DATA SOCKETS [setting...]: "trust" is safe, for only the account itself and root reach the sockets.
server_start() {
    local data=$1 sockets=$2 setting options
    shift 2
    # A socket's path may have 107 bytes, name included, whatever the file system allows.
    [ ${#sockets} -le 85 ] || die "the socket folder's path is too long: $sockets"
    options="-c listen_addresses='' -c unix_socket_directories='$sockets'"
    for setting in "$@"; do options+=" -c $setting"; done
    (cd / && as_server env PATH="${SERVER_PATH:-$BINDIR}:$PATH" pg_ctl start --wait --silent \
        --timeout=60 --pgdata="$data" --log="$data.log" --options="$options") ||
        { tail -n 30 "$data.log"; die "the server did not start"; }
}

server_stop() {
    [ ! -e "$1/postmaster.pid" ] || (cd / && as_server "$BINDIR/pg_ctl" stop --silent --mode="${2:-fast}" --pgdata="$1") || true
}

# run_sql SOCKETS DATABASE OPTIONS...: psql as the superuser; the first error ends all.
run_sql() {
    local sockets=$1 database=$2
    shift 2
    (cd / && as_server "$BINDIR/psql" --no-psqlrc --quiet --set=ON_ERROR_STOP=1 --host="$sockets" --username=postgres \
        --dbname="$database" "$@") ||
        die "psql failed in $database"
}
