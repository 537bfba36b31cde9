# One server for each build of the extension that a benchmark compares. Sourced after common.sh and server.sh; PG_CONFIG is the
# system's. Each server runs from a copy of PostgreSQL's programs, so builds never meet, and the system's own stays as it is.

# private_tree TREE: PostgreSQL's folders copied below TREE, under the same paths. It finds its files relative to its programs.
private_tree() {
    local tree=$1 option folder
    for option in --bindir --pkglibdir --sharedir; do
        folder=$("$PG_CONFIG" "$option")
        mkdir -p "$tree$(dirname "$folder")"
        cp -a "$folder" "$tree$(dirname "$folder")/"
    done
    rm -f "$tree$("$PG_CONFIG" --pkglibdir)/datasurface"* "$tree$("$PG_CONFIG" --sharedir)/extension/datasurface"*
}

# sources_of COMMIT FOLDER: the tree of a commit, in a folder of its own that keeps what was built in it.
sources_of() {
    [ ! -d "$2" ] || return 0
    mkdir -p "$2.new"
    git archive "$1" | tar -x -C "$2.new"
    mv "$2.new" "$2"
}

# server_of_build NAME SOURCES [setting...]: builds and installs SOURCES, and starts a server there, in PLACE, DATA and SOCKETS.
server_of_build() {
    local name=$1 sources=$2 tree
    shift 2
    BINDIR=$("$PG_CONFIG" --bindir)
    server_place "bench-$name" "$ROOT/build/bench/$name"
    server_stop "$DATA" immediate
    rm -rf "$PLACE" "$SOCKETS"
    mkdir "$PLACE" "$SOCKETS" # no -p: in a folder that all may write to, nobody else's will do
    tree=$PLACE/tree
    say "$name: build for $("$PG_CONFIG" --version), and install into $tree"
    make -C "$sources" --no-print-directory --silent -j"$(nproc)" PG_CONFIG="$PG_CONFIG" all
    private_tree "$tree"
    make -C "$sources" --no-print-directory --silent PG_CONFIG="$PG_CONFIG" DESTDIR="$tree" install > /dev/null
    give_to_server "$PLACE" "$SOCKETS"
    chmod 700 "$PLACE" "$SOCKETS"
    BINDIR=$tree$BINDIR
    server_init "$DATA"
    SERVERS+=("$DATA:$PLACE:$SOCKETS")
    server_start "$DATA" "$SOCKETS" "$@"
    "$BINDIR/createdb" --host="$SOCKETS" --username=postgres bench
    note "data in $DATA, log in $DATA.log"
}

# source_server SECRETS: starts a server of its own that rows are pulled from, by TCP and a password, which is written to a file below SECRETS.
source_server() {
    local secrets=$1 port password
    BINDIR=$("$PG_CONFIG" --bindir)
    server_place bench-source "$ROOT/build/bench/source"
    server_stop "$DATA" immediate
    rm -rf "$PLACE" "$SOCKETS"
    mkdir "$PLACE" "$SOCKETS"
    give_to_server "$PLACE" "$SOCKETS"
    server_init "$DATA"
    printf '%s\n' 'local all all trust' 'host all all 127.0.0.1/32 scram-sha-256' > "$DATA/pg_hba.conf"
    SERVERS+=("$DATA:$PLACE:$SOCKETS")
    port=$(python3 -c 'import socket; s = socket.socket(); s.bind(("127.0.0.1", 0)); print(s.getsockname()[1])')
    password=$(head -c 16 /dev/urandom | sha256sum | cut -c1-24)
    PGPORT=$port server_start "$DATA" "$SOCKETS" "${settings[@]}" listen_addresses=127.0.0.1 "port=$port"
    PGPORT=$port run_sql "$SOCKETS" postgres -c "CREATE ROLE reader LOGIN IN ROLE pg_read_all_data PASSWORD '$password'" \
        -c 'CREATE DATABASE bench' > /dev/null
    mkdir -p "$secrets/source"
    printf reader > "$secrets/source/username"
    printf %s "$password" > "$secrets/source/password"
    chmod 600 "$secrets/source/username" "$secrets/source/password"
    give_to_server "$secrets"
    export BENCH_SOURCE_SOCKETS=$SOCKETS BENCH_SOURCE_DATA=$DATA BENCH_SOURCE_PORT=$port BENCH_SOURCE_PASSWORD=$password
}

# end_servers: stops what server_of_build started, and throws it away.
end_servers() {
    local server data place sockets
    for server in "${SERVERS[@]}"; do
        IFS=: read -r data place sockets <<< "$server"
        server_stop "$data" immediate
        rm -rf "$place" "$sockets"
    done
}
