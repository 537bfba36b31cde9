# What the scripts share: words on the screen, becoming root, packages, and the account that servers run under.
# Sourced by bash scripts that have set ROOT, the project's folder.

say() { printf '\n== %s\n' "$*"; }
note() { printf '   %s\n' "$*"; }
die() {
    printf 'error: %s\n' "$*" >&2
    exit 1
}

am_root() { [ "$(id -u)" = 0 ]; }

as_root() {
    if am_root; then
        "$@"
    elif command -v sudo > /dev/null; then
        sudo "$@"
    else
        die "this needs root, and there is no sudo: $*"
    fi
}

# What a build for a server of the major version $1 needs.
build_packages() { echo "postgresql-$1 postgresql-server-dev-$1 g++ make nlohmann-json3-dev libxxhash-dev libpq-dev"; }

missing_packages() {
    local package
    for package in "$@"; do
        [ "$(dpkg-query -W -f '${db:Status-Status}' "$package" 2> /dev/null)" = installed ] || printf '%s ' "$package"
    done
}

# Installs what is missing of the packages named, and says so before it does.
need_packages() {
    local missing
    if ! command -v apt-get > /dev/null; then
        note "no apt-get here: taking it that these are there: $*"
        return
    fi
    missing=$(missing_packages "$@")
    [ -n "$missing" ] || return 0
    say "installing with apt-get, $(am_root && echo 'as root' || echo 'through sudo'): $missing"
    as_root env DEBIAN_FRONTEND=noninteractive apt-get update -q > /dev/null ||
        note "apt-get update failed; trying with the lists that are there"
    # shellcheck disable=SC2086 # a list of words
    as_root env DEBIAN_FRONTEND=noninteractive apt-get install -q -y --no-install-recommends $missing > /dev/null ||
        die "apt-get could not install: $missing"
}

# The library's file, without its ending.
library_name() { sed -n "s/^module_pathname *= *'\(.*\)'/\1/p" "$ROOT/datasurface.control"; }

pg_bindir() { echo "/usr/lib/postgresql/$1/bin"; }

# The pg_config of a major version: Debian's place for it, else the one in PATH, if it is of that version.
pg_config_of() {
    local candidate
    for candidate in "$(pg_bindir "$1")/pg_config" "$(command -v pg_config)"; do
        if [ -x "$candidate" ] && [[ "$("$candidate" --version)" == "PostgreSQL $1"[.a-z]* ]]; then
            echo "$candidate"
            return
        fi
    done
    die "no pg_config of PostgreSQL $1 here"
}

# PostgreSQL refuses to run as root, so root lends the work to the account that Debian's packages made for it.
server_account() { am_root && echo postgres || id -un; }

as_server() {
    if am_root; then
        runuser -u postgres -- "$@"
    else
        "$@"
    fi
}

give_to_server() { ! am_root || chown -R postgres: "$@"; }
