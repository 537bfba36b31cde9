#!/bin/bash
# Tests are found by wildcard; so a scene without an expected output would only fail late, and an output without a
# scene would be read by nobody.
status=0
for test in test/sql/*.sql test/specs/*.spec; do
    [ -e "$test" ] || continue
    name=$(basename "${test%.*}")
    [ -e "expected/$name.out" ] || { echo "$test has no expected/$name.out"; status=1; }
done
for output in expected/*.out; do
    [ -e "$output" ] || continue
    name=$(basename "$output" .out)
    [ -e "test/sql/$name.sql" ] || [ -e "test/specs/$name.spec" ] || { echo "$output belongs to no test"; status=1; }
done
exit $status
