#!/bin/bash
# nlohmann/json costs seconds in each file that includes it, and its types must not leak: the whole header stands in
# .cpp files of src/model only, its forward declarations in headers there.
grep -rnE '^[[:space:]]*#[[:space:]]*include[[:space:]]*[<"]nlohmann/' src |
    grep -vE '^src/model/[a-z_]*\.cpp:|^src/model/[a-z_]*\.hpp:[0-9]+:.*json_fwd\.hpp' && exit 1
exit 0
