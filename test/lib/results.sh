# Counting: one line per result in a file, for tests run side by side. Sourced by check.sh.

results_open() {
    RESULTS=$1
    : > "$RESULTS"
}

passed() { echo "passed $1" >> "$RESULTS"; }
failed() {
    echo "failed $1 ${2:-}" >> "$RESULTS"
    [ -z "${2:-}" ] || echo "FAILED $1: $2"
}

# count passed|failed KIND NUMBER
count() {
    local number
    for ((number = 0; number < $3; number++)); do echo "$1 $2" >> "$RESULTS"; done
}

# The last line of a check, alone; the exit status says the same.
results_close() {
    local good bad
    good=$(grep -c '^passed' "$RESULTS")
    bad=$(grep -c '^failed' "$RESULTS")
    say "took $SECONDS s"
    sed 's/^\([a-z]* [a-z]*\).*/\1/' "$RESULTS" | sort | uniq -c | sort -k3,3 -k2,2r | awk '{ print "   " $3 ": " $1 " " $2 }'
    echo "$good passed, $bad failed"
    [ "$bad" = 0 ] && [ "$good" -gt 0 ] || exit 1
    exit 0
}
