#!/bin/bash
# libpq blocks, reads files of the server's account, and prints what servers say, unless its caller sees to it. The room remote does, so it alone
# includes libpq; in its .cpp files, for whoever includes a header would include libpq too.
grep -rnE "^[[:space:]]*#[[:space:]]*include[[:space:]]*[<\"](.*/)?(libpq-(fe|events|int)|pqexpbuffer)\.h" src |
    grep -vE '^src/remote/[a-z_]+\.cpp:' && exit 1
exit 0
