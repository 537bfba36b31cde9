// What messages say about a table that is not as ds_reconcile_schema made it. `pg` finds the fault, and does not know what made the table.
#pragma once

namespace datasurface::shape {

struct Advice {
    const char *detail;
    const char *hint;
};

struct TableAdvice {
    Advice missing_table;
    Advice missing_column;
    Advice other_kind; // of relation
};

inline constexpr TableAdvice made_by_reconcile{
    {"ds_reconcile_schema made it; it was dropped, renamed or moved since.",
     "Put it back as it was. Or call ds_reconcile_schema(), which makes it anew without the rows that it had."},
    {"It was dropped or renamed since ds_reconcile_schema made it.",
     "Rename it back; or call ds_reconcile_schema(), which adds a nullable column without its values."},
    {"A view or something else stands where ds_reconcile_schema had made a table.",
     "Put an ordinary or partitioned table back; or drop what is there, and call ds_reconcile_schema."}};

} // namespace datasurface::shape
