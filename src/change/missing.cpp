#include "change/missing.hpp"

#include "base/error.hpp"
#include "base/sqlstate.hpp"

namespace datasurface::change {

namespace {

using shape::RelationKind;
using sqltext::Qualified;

// rest: the object that shows that the table still exists under another name. what: a staging table that was moved to another
// schema took its sequence along, so when the sequence is here, the table was renamed.
[[noreturn]] void refuse_renamed(const Qualified &table, const std::string &rest,
                                 const std::string &what = "renamed or moved")
{
    throw Error(sqlstate::undefined_table, "table " + table.sql() + " does not exist, but " + rest + " is there",
                "The table was " + what + " after ds_reconcile_schema made it. If it had been dropped, " + rest +
                    " would have been dropped too.",
                "Rename it back. Or drop " + rest +
                    ", and reconcile again: the table is then created again, without its rows.");
}

std::string word_of_kind(char kind)
{
    switch (kind) {
    case 'v':
        return "a view";
    case 'm':
        return "a materialized view";
    case 'f':
        return "a foreign table";
    case 'S':
        return "a sequence";
    case 'i':
    case 'I':
        return "an index";
    default:
        return "something else";
    }
}

} // namespace

void require_table(const Object &table)
{
    if (table.there.kind == 'r' || table.there.kind == 'p')
        return;
    throw Error(
        sqlstate::cannot_reconcile,
        table.name.sql() + " is " + word_of_kind(table.there.kind) + ", not the table that ds_reconcile_schema made",
        "It is left as it is, and batches of the dataset fail.",
        "Put the table back. Or rename or drop the other object, and reconcile again: the table is then created again, "
        "without its rows.");
}

void require_dropped(const Actual &actual)
{
    const Object *const sequence = actual.find(RelationKind::sequence);
    if (actual.is_missing(RelationKind::staging) && sequence != nullptr)
        refuse_renamed(actual.ours.at(RelationKind::staging).name, sequence->name.sql(), "renamed");
    const Object *const as_of = actual.find(RelationKind::as_of);
    for (RelationKind const kind : {RelationKind::merge, RelationKind::history}) {
        if (!actual.is_missing(kind))
            continue;
        const Qualified &table = actual.ours.at(kind).name;
        if (as_of != nullptr)
            refuse_renamed(table, as_of->name.sql() + "(integer)");
        for (const Dependent &view : actual.views)
            if (view.kind == RelationKind::full_view || kind == RelationKind::merge)
                refuse_renamed(table, view.name.sql());
    }
}

bool lacks_made_table(const Actual &actual)
{
    return actual.is_missing(RelationKind::merge) || actual.is_missing(RelationKind::history);
}

} // namespace datasurface::change
