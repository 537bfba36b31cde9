#include "change/refuse.hpp"

#include "base/error.hpp"
#include "base/sqlstate.hpp"

namespace datasurface::change {

void require_as_made(const Object &made, const std::string &object)
{
    if (!made.changes.empty())
        throw Error(sqlstate::cannot_reconcile, object + " is not as ds_reconcile_schema made it: " + made.changes,
                    "It is left as it is.", "Put it back as it was, or drop it; then reconcile again.");
}

void refuse_difference(const sqltext::Qualified &table, const std::string &what)
{
    throw Error(sqlstate::cannot_reconcile, "table " + table.sql() + " differs from the model: " + what,
                "ds_reconcile_schema makes no change that would bring it about.",
                "Change the table by hand, or load a model that matches it.");
}

void refuse_taken(const sqltext::Qualified &name, const std::string &hint)
{
    throw Error(sqlstate::duplicate_table, name.sql() + " exists already and was not made by ds_reconcile_schema",
                "It is left as it is.", hint);
}

} // namespace datasurface::change
