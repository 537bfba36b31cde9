#!/bin/bash
# Every SQLSTATE of class SF that the code can raise is explained in docs/errors.md, and nothing else is; and so is every code
# of PostgreSQL's own that src/base/sqlstate.hpp names or that is thrown by its digits.
[ -e docs/errors.md ] || { echo "docs/errors.md is not written yet"; exit 77; }
status=0
diff <(grep -oE '"SF[0-9A-Z]{3}"' src/base/sqlstate.hpp | tr -d '"' | sort -u) <(grep -oE '\bSF[0-9A-Z]{3}\b' docs/errors.md | sort -u) |
    sed -n 's/^< /docs\/errors.md lacks /p; s/^> /docs\/errors.md names what src\/base\/sqlstate.hpp does not: /p' | grep . && status=1
for code in $({ grep -ohE '"[0-9A-Z]{5}"' src/base/sqlstate.hpp; grep -ohE 'Error\("[0-9A-Z]{5}"' src/*/*.cpp; } | grep -oE '[0-9A-Z]{5}' | sort -u); do
    grep -qw "$code" docs/errors.md || { echo "docs/errors.md lacks $code"; status=1; }
done
exit $status
