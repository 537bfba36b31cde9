// The extension as this database has it installed.
#pragma once

#include <string>

namespace datasurface::pg {

// All throw 42704 where the extension is not installed, and SF030 where it is of a version that this library does not serve.
void require_own_version();
unsigned int extension_owner();
std::string extension_owner_name();

} // namespace datasurface::pg
