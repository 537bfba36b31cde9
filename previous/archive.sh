#!/bin/bash
# previous/archive.sh COMMIT: archives the sources of the version that this commit has, and says in which library its functions are.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
commit=${1:?"which commit?"}
said() { git show "$commit:datasurface.control" | sed -n "s/^$1 *= *'\(.*\)'/\1/p"; }
version=$(said default_version)
archive=previous/datasurface-$version.tar.xz
control=previous/datasurface--$version.control

git archive --format=tar --prefix="datasurface-$version/" "$commit" Makefile datasurface.control sql src | xz -9e > "$archive"
cat > "$control" << END
# What differs from datasurface.control in version $version.
module_pathname = '$(said module_pathname)'
END
echo "$archive, $(stat -c %s "$archive") bytes"
echo "$control"
