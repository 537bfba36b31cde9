// The user and the settings that hold until the scope is left.
#pragma once

namespace datasurface::pg {

struct Scope { // plain
    unsigned int user;
    int security;
    int nest_level; // of settings
};

} // namespace datasurface::pg
