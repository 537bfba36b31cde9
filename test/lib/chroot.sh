#!/bin/bash
# make check against a server that this machine does not have: the same check, in a chroot with the Debian release
# that has it. The root is kept in build/chroot-$PG, so that only the first run makes one.
set -euo pipefail
ROOT=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)
cd "$ROOT"
. test/lib/common.sh

case $PG in
    15) SUITE=bookworm ;;
    17) SUITE=trixie ;;
    18) SUITE=forky ;;
    *) die "no Debian release has PostgreSQL $PG: install it, and make check PG=$PG uses it" ;;
esac
if ! am_root; then
    note "a chroot is root's to make: going on through sudo"
    exec sudo env PG="$PG" ONLY="${ONLY:-}" SCENES="${SCENES:-}" SANITIZE="${SANITIZE:-}" \
        DATASURFACE_SEED="${DATASURFACE_SEED:-}" DATASURFACE_SECONDS="${DATASURFACE_SECONDS:-}" "$0"
fi

CHROOT=$ROOT/build/chroot-$PG
PACKAGES="$(build_packages "$PG") libgtest-dev libipc-run-perl perl xz-utils"

make_root() {
    need_packages mmdebstrap
    say "making a $SUITE root with PostgreSQL $PG in build/chroot-$PG"
    rm -rf "$CHROOT" "$CHROOT.new"
    mkdir -p build
    # Frozen mirrors hold releases whose date has passed.
    mmdebstrap --quiet --variant=minbase --aptopt='Acquire::Check-Valid-Until "false"' --include="${PACKAGES// /,}" \
        "$SUITE" "$CHROOT.new" > build/chroot-"$PG".log 2>&1 || {
        tail -n 30 build/chroot-"$PG".log
        die "mmdebstrap failed"
    }
    touch "$CHROOT.new/.datasurface-chroot"
    echo "$PACKAGES" > "$CHROOT.new/.packages"
    mv "$CHROOT.new" "$CHROOT"
    note "done in $SECONDS s"
}

[ -e "$CHROOT/.packages" ] && [ "$(cat "$CHROOT/.packages")" = "$PACKAGES" ] || make_root

# The sources as they stand, what git ignores left out; objects of the last run stay, make knows which are stale.
# What sanitizers were built into has a folder of its own, for flags make does not know.
SOURCES=src${SANITIZE:+-sanitize} RESULT=$PG${SANITIZE:+-sanitize}
mkdir -p "$CHROOT/$SOURCES"
find "$CHROOT/$SOURCES" -mindepth 1 -maxdepth 1 ! -name build -exec rm -rf {} +
if git -c safe.directory="$ROOT" rev-parse --is-inside-work-tree > /dev/null 2>&1; then
    git -c safe.directory="$ROOT" ls-files --cached --others --exclude-standard --deduplicate -z |
        while IFS= read -r -d '' file; do [ ! -e "$file" ] && [ ! -L "$file" ] || printf '%s\0' "$file"; done
else
    find . -path ./build -prune -o \( -type f -o -type l \) -print0
fi | tar --null --no-recursion -T - -cf - | tar -xf - -C "$CHROOT/$SOURCES"

# In name spaces of its own: mounts and processes end with it, whatever happens. Devices are bound one by one, so that
# not even a forgotten mount could lead an rm -rf of the root to the machine's own /dev. Inside another chroot the
# propagation cannot be set, and need not be.
propagation=private
unshare --mount --propagation private true 2> /dev/null || propagation=unchanged
inside='set -e
    mount -t proc proc "$1/proc"
    for device in null zero full random urandom tty; do
        [ -e "$1/dev/$device" ] || : > "$1/dev/$device"
        mount --bind "/dev/$device" "$1/dev/$device"
    done
    mkdir -p "$1/dev/shm"
    mount -t tmpfs -o mode=1777 tmpfs "$1/dev/shm"
    exec chroot "$1" /usr/bin/env -i PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin HOME=/root \
        LANG=C.UTF-8 TERM=dumb \
        DATASURFACE_SEED="$7" DATASURFACE_SECONDS="$8" make --no-print-directory -C "/$2" check PG="$3" ONLY="$4" SCENES="$5" SANITIZE="$6"'
# When this script ends, by whatever signal, unshare is killed too, and with it all that runs inside. In the background, so
# that bash does not wait for it before it follows a signal; in a process group of its own (-m), which no Ctrl-C reaches.
set -m
setpriv --pdeathsig KILL unshare --mount --pid --fork --kill-child --propagation "$propagation" \
    bash -c "$inside" inside "$CHROOT" "$SOURCES" "$PG" "${ONLY:-}" "${SCENES:-}" "${SANITIZE:-}" "${DATASURFACE_SEED:-}" "${DATASURFACE_SECONDS:-}" \
    < /dev/null 9>&- &
set +m
status=0
wait $! || status=$?

rm -rf "build/check/$RESULT"
mkdir -p build/check
[ ! -d "$CHROOT/$SOURCES/build/check/$RESULT" ] || cp -a "$CHROOT/$SOURCES/build/check/$RESULT" build/check/
chown -R --reference="$ROOT" build/check
exit $status
