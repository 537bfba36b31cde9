// docs/decisions/010-pinned-settings.md says where these settings come from, and which are left to the caller. The scene
// every_setting_is_pinned_or_excepted finds new ones.
#include "pg/pinned_settings.hpp"

#include "pg/boundary.hpp"
#include "pg/scope_raising.hpp"

extern "C" {
#include "utils/guc.h"
}

namespace datasurface::pg {

namespace {

struct Setting {
    const char *name;
    const char *value;
};

// Most values are PostgreSQL's defaults, for where nothing differs nothing is set. A value is written as the server gives
// it back. A setting that this version of the server does not have is passed over.
constexpr Setting pinned[] = {
    // what a value looks like as text, and how text is read
    {"DateStyle", "ISO, YMD"},
    {"IntervalStyle", "postgres"},
    {"TimeZone", "GMT"},
    {"timezone_abbreviations", "Default"},
    {"extra_float_digits", "1"},
    {"bytea_output", "hex"},
    {"xmlbinary", "base64"},
    {"xmloption", "content"},
    {"array_nulls", "on"},
    {"quote_all_identifiers", "off"},     // regclass and its like, as text
    {"composite_type_mismatch", "error"}, // else a row whose type was altered is read as it never was
    {"lc_monetary", "C"},
    {"lc_numeric", "C"},
    {"lc_time", "C"},
    {"default_text_search_config", "pg_catalog.simple"},
    // what a statement means
    {"search_path", "pg_catalog, pg_temp"},
    {"standard_conforming_strings", "on"},
    {"backslash_quote", "safe_encoding"},
    {"transform_null_equals", "off"},
    {"check_function_bodies", "on"},
    {"restrict_nonsystem_relation_kind", ""},
    // which rows are seen: a hidden row would be taken for a deleted one. row_security off raises an error where a policy
    // would hide rows
    {"row_security", "off"},
    {"gin_fuzzy_search_limit", "0"},
    {"zero_damaged_pages", "off"},
    // in which order rows come, and so which one is the last of its key
    {"synchronize_seqscans", "off"},
};

} // namespace

Scope enter_pinned_settings()
{
    return call([] {
        Scope const outer = open_scope();
        for (const Setting &setting : pinned) {
            const char *const current = GetConfigOption(setting.name, true, false);
            if (current != nullptr && strcmp(current, setting.value) != 0)
                set_in_scope(setting.name, setting.value);
        }
        return outer;
    });
}

} // namespace datasurface::pg
