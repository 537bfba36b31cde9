# How a check ends: by itself, when it is told to (Ctrl-C, a time limit), and what the next one does if it was killed.
# Sourced by check.sh, after server.sh. WORK is the folder in which everything runs, once there is one.

# await COMMAND...: bash looks at its traps between commands only. So what takes long runs in the background, where a signal
# ends the wait for it; and in a process group of its own, which can be ended whole. It does not keep the lock (9>&-).
await() {
    local status=0
    if [ "$BASHPID" != $$ ]; then
        "$@"
        return
    fi
    set -m
    "$@" < /dev/null 9>&- &
    AWAITED=$!
    set +m
    wait "$AWAITED" || status=$?
    AWAITED=
    return $status
}

# end_check_well FILE: from here on the end of the script, whatever brings it, leaves no process and no folder behind.
# FILE gets the folder's name, for a check that is killed cannot do that.
end_check_well() {
    FOLDER_FILE=$1
    trap 'end_check' EXIT
    trap 'exit 129' HUP
    trap 'exit 130' INT
    trap 'exit 143' TERM
}

# work_in FOLDER: what runs there belongs to this check.
work_in() {
    WORK=$1
    echo "$WORK" > "$FOLDER_FILE"
}

end_check() {
    trap '' HUP INT TERM
    cd "$ROOT" || cd /
    [ -z "${AWAITED:-}" ] || kill -TERM -- "-$AWAITED" 2> /dev/null
    [ -n "${WORK:-}" ] || return 0
    end_processes "$WORK"
    keep_results
    rm -rf "$WORK" "$FOLDER_FILE"
}

# end_dead_check: what a check left that was killed. Whoever calls this has the lock, so that check is no longer there.
end_dead_check() {
    local folder
    [ -e "$FOLDER_FILE" ] || return 0
    folder=$(cat "$FOLDER_FILE")
    if [[ "$folder" == /tmp/dscheck.* ]] && [ -d "$folder" ]; then
        note "ending what a check that was killed has left in $folder"
        end_processes "$folder"
        rm -rf "$folder"
    fi
    rm -f "$FOLDER_FILE"
}

# end_processes FOLDER: first those that would start or use servers, then the servers.
end_processes() {
    local pid pid_file
    for pid in $(processes_in "$1"); do
        is_server "$pid" || kill -KILL "$pid" 2> /dev/null
    done
    find "$1" -name postmaster.pid 2> /dev/null | while read -r pid_file; do server_stop "$(dirname "$pid_file")" immediate; done
    for pid in $(processes_in "$1"); do kill -KILL "$pid" 2> /dev/null; done
    return 0
}

# processes_in FOLDER: those that work in it. A server works in its data folder, and so does each of its processes.
processes_in() {
    find /proc -maxdepth 2 -path '/proc/[0-9]*/cwd' \( -lname "$1" -o -lname "$1[ /]*" \) -printf '%h\n' 2> /dev/null |
        sed 's|^/proc/||'
}

is_server() { [[ "$(readlink "/proc/$1/exe" 2> /dev/null)" == */postgres?( \(deleted\)) ]]; }
