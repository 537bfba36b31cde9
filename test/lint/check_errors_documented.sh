#!/bin/bash
# Every SQLSTATE of class SF that the code can raise is explained in docs/errors.md, and nothing else is.
[ -e docs/errors.md ] || { echo "docs/errors.md is not written yet"; exit 77; }
diff <(grep -oE '"SF[0-9A-Z]{3}"' src/base/sqlstate.hpp | tr -d '"' | sort -u) <(grep -oE '\bSF[0-9A-Z]{3}\b' docs/errors.md | sort -u) |
    sed -n 's/^< /docs\/errors.md lacks /p; s/^> /docs\/errors.md names what src\/base\/sqlstate.hpp does not: /p' | grep . && exit 1
exit 0
