// Private to type.cpp: looks a type up by its name.
#pragma once

extern "C" {
#include "postgres.h"
}

namespace datasurface::pg {

struct RawType { // plain, palloc'ed
    const char *name;
    const char *problem;
    const char *operator_schema;
    const char *operator_name;
    const char *operand;
    uint32 hashes[4]; // a type made of more than four types counts as composite
    int hash_count;
    bool depends_on_tables;
    bool rewrites_table;
};

RawType look_up_type(const char *name);

// Calls the input function of a type, with its modifiers.
void read_value(const char *type, char *text);

} // namespace datasurface::pg
