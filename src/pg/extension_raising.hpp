// Private to extension.cpp: the extension's row in pg_extension.
#pragma once

extern "C" {
#include "postgres.h"
}

namespace datasurface::pg {

struct Installed { // plain
    Oid owner;
    const char *version; // palloc'ed
};

// The owner is InvalidOid where the extension is not installed.
Installed read_installed();

} // namespace datasurface::pg
