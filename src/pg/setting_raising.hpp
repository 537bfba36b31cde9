// Private to the pg room: defines one setting of this library. A session may have loaded the library of another
// version before; its settings have the same names, and cannot be defined again. So a setting that exists is taken over: both
// libraries then read the same value. SF030 is raised where its type, range or context differs from what this library would define.
#pragma once

extern "C" {
#include "postgres.h"

#include "utils/guc.h"
}

namespace datasurface::pg {

template <class Type>
struct Setting {
    Type own;           // its default, then its value, if this library defines it
    Type *value = &own; // what is read
};

struct Text { // of a setting
    const char *name;
    const char *summary;
    const char *more;
};

struct Range {
    int least;
    int most;
    int unit; // GUC_UNIT_..., 0 for none
};

void define_integer(Setting<int> &setting, const Text &text, const Range &range, GucContext context);
void define_choice(Setting<int> &setting, const Text &text, const config_enum_entry *choices, GucContext context);
// flags: GUC_LIST_INPUT, GUC_SUPERUSER_ONLY or none
void define_text(Setting<char *> &setting, const Text &text, GucStringCheckHook check, GucContext context, int flags);

} // namespace datasurface::pg
