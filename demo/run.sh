#!/bin/bash
# make demo: Debian's package index as it stood in three releases, one batch each, into a milestoned dataset and a live
# one, on a private server. What an earlier run left is thrown away. Fails when the counts are not the true ones.
set -euo pipefail
ROOT=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
PG=${PG:-15}
cd "$ROOT"
. test/lib/common.sh
. test/lib/server.sh

# ---- build and install -------------------------------------------------------------------------------------------------

# shellcheck disable=SC2046 # a list of words
need_packages $(build_packages "$PG") xz-utils
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
server_place demo "$ROOT/build/demo"
DATABASE=demo
server_stop "$DATA" immediate
rm -rf "$PLACE" "$SOCKETS"
mkdir "$PLACE" "$SOCKETS" # no -p: in a folder that all may write to, nobody else's will do
give_to_server "$PLACE" "$SOCKETS"
chmod 700 "$PLACE" "$SOCKETS"
server_init "$DATA"
server_start "$DATA" "$SOCKETS"
note "data in $DATA, log in $DATA.log"

PSQL=("$BINDIR/psql" --no-psqlrc --pset=pager=off --set=ON_ERROR_STOP=1 --host="$SOCKETS" --username=postgres --dbname="$DATABASE")
ask() { "${PSQL[@]}" --quiet --no-align --tuples-only --command="$1"; }
"$BINDIR/createdb" --host="$SOCKETS" --username=postgres "$DATABASE"

# ---- model, tables, views ----------------------------------------------------------------------------------------------

say "the model, and the tables and views that it wants"
"${PSQL[@]}" --quiet --set=model="$(cat demo/model.json)" --file=demo/prepare.sql

# ---- three batches -----------------------------------------------------------------------------------------------------

COLUMNS='package, version, architecture, source, section, priority, installed_size, size, multi_arch, essential, homepage, depends'

# push FILE DATASET: fills the dataset's staging table, and prints how many rows that were
push() {
    xz --decompress --stdout "$1" |
        "${PSQL[@]}" --command="\\copy debian.${2}_staging ($COLUMNS) from pstdin (format csv, header)" | sed -n 's/^COPY //p'
}

# What is true of the three files: inserted, updated, deleted, unchanged. Any other answer is a fault of ours.
TRUTH=(63436/0/0/0 14233/43437/8849/11150 9302/47196/7387/14237)

for file in demo/data/packages-*.csv.xz; do
    release=$(basename "$file" .csv.xz)
    release=${release#packages-}
    say "batch for $release"
    began=$SECONDS
    batch=$(ask "SELECT datasurface.ds_start_batch('debian', run_id => '$release')")
    rows=0
    for dataset in packages packages_live; do
        staged=$(push "$file" "$dataset")
        note "$staged rows pushed to debian.${dataset}_staging"
        rows=$((rows + staged))
    done
    ask "SELECT datasurface.ds_ingest('debian', $batch, rows => $rows)" > /dev/null
    note "ds_run says $(ask "SELECT datasurface.ds_run('debian', run_id => '$release')")"
    ask "SELECT datasurface.ds_require('debian', run_id => '$release')" > /dev/null
    for dataset in packages packages_live; do
        counts=$(ask "SELECT concat_ws('/', inserted, updated, deleted, unchanged) FROM datasurface.batch_datasets
            WHERE stream = 'debian' AND batch = $batch AND dataset = '$dataset'")
        note "$dataset: $counts inserted/updated/deleted/unchanged"
        [ "$counts" = "${TRUTH[batch - 1]}" ] || die "the true counts are ${TRUTH[batch - 1]}"
    done
    note "took $((SECONDS - began)) s"
done

# ---- what there is to see ----------------------------------------------------------------------------------------------

"${PSQL[@]}" --quiet --file=demo/show.sql

say "done in $SECONDS s. To go on by hand:"
cat << END

   $BINDIR/psql -h $SOCKETS -U postgres $DATABASE

   SELECT * FROM datasurface.batches;                           -- every batch of every stream
   SELECT * FROM release_watch.packages_full WHERE package = 'bash';
   SELECT datasurface.ds_start_batch('debian', run_id => 'mine');  -- then fill debian.packages_staging, and see demo/run.sh

   make demo-stop ends the server; make demo begins anew.
END
