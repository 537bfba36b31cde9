# make check-sanitize: what check.sh does otherwise when SANITIZE is set. The library is built with AddressSanitizer and
# UndefinedBehaviorSanitizer, the server is Debian's as it is. Sourced by check.sh, in the chroot of PostgreSQL 18: on
# Debian 12 a server with a preloaded libasan hangs.

# Not run: what cannot hold here, whatever the library does. A scene, specification or TAP file, and why.
SANITIZE_SKIPS="
bridge_memory   it measures the process, which keeps freed memory for a while, to see who still uses it
067_native_merge_memory   so does this
memory_of_what_is_kept_is_bounded   so does this
068_want_of_memory   its allocator stands where the sanitizer's does
"
sanitize_skips() { grep -q "^$1 " <<< "$SANITIZE_SKIPS"; }

# sanitize_server FOLDER: makes FOLDER/bin/pg_ctl, which starts a server that has libasan in it, and no other program. With
# it libstdc++: the interceptor of throw looks for the real one at the start, and our library brings it only later.
# Reports go into files, so that one is found even when the backend lives on, or its words never reach a log.
sanitize_server() {
    local folder=$1 libraries reports=$1/reports
    libraries="$(g++ -print-file-name=libasan.so) $(g++ -print-file-name=libstdc++.so)"
    mkdir "$folder/bin" "$reports"
    # One frame's variables are not kept after its end: elog's jumps and PostgreSQL's own look at the stack's depth count
    # on frames that lie where they lie. A malloc that fails returns NULL, as PostgreSQL expects; leaks are not looked
    # for, as a backend leaves all its memory behind. A wrong access ends the backend; what is undefined is only noted,
    # and so one run sees all of it.
    cat > "$folder/bin/postgres" << END
#!/bin/sh
export LD_PRELOAD="$libraries"
export ASAN_OPTIONS=detect_leaks=0:abort_on_error=1:detect_stack_use_after_return=0:allocator_may_return_null=1:log_path=$reports/address
export UBSAN_OPTIONS=print_stacktrace=1:halt_on_error=0
exec "$BINDIR/postgres" "\$@"
END
    printf '#!/bin/sh\nexec "%s/pg_ctl" "$@" -p "%s/bin/postgres"\n' "$BINDIR" "$folder" > "$folder/bin/pg_ctl"
    chmod 755 "$folder/bin/postgres" "$folder/bin/pg_ctl"
    SERVER_PATH=$folder/bin:$BINDIR
}

# sanitize_check DATA: whether they are at work at all.
sanitize_check() {
    local server
    read -r server < "$1/postmaster.pid"
    if grep -q libasan "/proc/$server/maps" && grep -q __asan_report "$("$PG_CONFIG" --pkglibdir)/$(library_name).so"; then
        passed sanitizer
    else
        failed sanitizer "the server or the library is without AddressSanitizer"
    fi
}

# sanitize_reports FOLDER: a failure for each different thing that was reported, and the reports. The undefined is told in
# the servers' logs, for the two sanitizers share one path of reports, and only one of them uses it.
sanitize_reports() {
    local reports=$1/reports file what told='^[^ ]*:[0-9]+:[0-9]+: runtime error:'
    say "sanitizers"
    sed -n 's/^[a-z0-9_]* .*/   not run: &/p' <<< "$SANITIZE_SKIPS"
    find "$1/data.log" "$1/tap" -name '*.log' -exec grep -hE -A 30 "$told" {} + > "$reports/undefined" 2> /dev/null
    for file in "$reports"/*; do
        # a size that no malloc can give is warned of, and is no fault
        grep -qv 'WARNING: AddressSanitizer failed to allocate' "$file" || rm "$file"
    done
    cp -a "$reports" "$OUT/"
    while read -r _ what; do failed sanitizer "$what"; done < <(
        for file in "$reports"/*; do
            [ ! -e "$file" ] || grep -hE "$told|^SUMMARY: AddressSanitizer" "$file" || echo "no summary in ${file##*/}"
        done | sed 's/0x[0-9a-f]*/0x.../g' | sort | uniq -c | sort -rn
    )
    for file in "$reports"/*; do
        [ ! -e "$file" ] || { echo "---- ${file##*/}" && head -n 60 "$file"; }
    done | head -n 400
}
