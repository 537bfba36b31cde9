#include "pg/setting_raising.hpp"

#include <cstring>

#include "base/sqlstate.hpp"
#include "base/version.hpp"
#include "pg/compat.hpp"

namespace datasurface::pg {

namespace {

// The setting of that name, if a library has defined it. A value that was set before any did is a placeholder.
config_generic *find_defined(const char *name)
{
    config_generic *const found = find_option(name);
    return found == nullptr || (found->flags & GUC_CUSTOM_PLACEHOLDER) != 0 ? nullptr : found;
}

void require_fit(bool fits, const char *name)
{
    if (fits)
        return;
    const char *const code = sqlstate::other_version;
    ereport(ERROR, (errcode(MAKE_SQLSTATE(code[0], code[1], code[2], code[3], code[4])),
                    errmsg("library \"%s\" cannot be loaded in this session", library_name),
                    errdetail("A library that was loaded before has defined the setting \"%s\" in another way.", name),
                    errhint("Start a new session.")));
}

bool is_of(const config_generic &found, config_type type, GucContext context, int unit)
{
    return found.vartype == type && found.context == context && (found.flags & GUC_UNIT) == unit;
}

bool has(const config_enum_entry *choices, const config_enum_entry &wanted)
{
    for (; choices->name != nullptr; ++choices)
        if (strcmp(choices->name, wanted.name) == 0)
            return choices->val == wanted.val;
    return false;
}

bool all_known(const config_enum_entry *found, const config_enum_entry *ours)
{
    for (; found->name != nullptr; ++found)
        if (!has(ours, *found))
            return false;
    return true;
}

} // namespace

void define_integer(Setting<int> &setting, const Text &text, const Range &range, GucContext context)
{
    config_generic *const found = find_defined(text.name);
    if (found == nullptr)
        return DefineCustomIntVariable(text.name, text.summary, text.more, &setting.own, setting.own, range.least,
                                       range.most, context, range.unit, nullptr, nullptr, nullptr);
    auto *const integer = reinterpret_cast<config_int *>(found);
    require_fit(is_of(*found, PGC_INT, context, range.unit) && integer->min >= range.least &&
                    integer->max <= range.most,
                text.name);
    setting.value = integer->variable;
}

void define_choice(Setting<int> &setting, const Text &text, const config_enum_entry *choices, GucContext context)
{
    config_generic *const found = find_defined(text.name);
    if (found == nullptr)
        return DefineCustomEnumVariable(text.name, text.summary, text.more, &setting.own, setting.own, choices, context,
                                        0, nullptr, nullptr, nullptr);
    auto *const choice = reinterpret_cast<config_enum *>(found);
    require_fit(is_of(*found, PGC_ENUM, context, 0) && all_known(choice->options, choices), text.name);
    setting.value = choice->variable;
}

void define_text(Setting<char *> &setting, const Text &text, GucStringCheckHook check, GucContext context, int flags)
{
    config_generic *const found = find_defined(text.name);
    if (found == nullptr)
        return DefineCustomStringVariable(text.name, text.summary, text.more, &setting.own, "", context, flags, check,
                                          nullptr, nullptr);
    require_fit(is_of(*found, PGC_STRING, context, 0), text.name);
    setting.value = reinterpret_cast<config_string *>(found)->variable;
}

} // namespace datasurface::pg
