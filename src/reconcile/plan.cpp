#include "reconcile/plan.hpp"

#include "base/error.hpp"
#include "base/sqlstate.hpp"

namespace datasurface::reconcile {

namespace {

// The words of the enum Action, in its order.
constexpr std::string_view words[] = {"record", "create", "alter",  "replace", "comment",
                                      "drop",   "grant",  "revoke", "failed"};

} // namespace

std::string_view word(Action action)
{
    return words[static_cast<std::size_t>(action)];
}

const ActualRelation *find(const Actual &actual, const sqltext::Qualified &name)
{
    auto const found = actual.relations.find(name.name);
    return found == actual.relations.end() ? nullptr : &found->second;
}

void require_as_made(const Made &made, const std::string &object)
{
    if (!made.changes.empty())
        throw Error(sqlstate::cannot_reconcile, object + " is not as ds_reconcile_schema made it: " + made.changes,
                    "It is left as it is.", "Put it back as it was, or drop it; then reconcile again.");
}

void refuse_difference(const sqltext::Qualified &table, const std::string &what)
{
    throw Error(sqlstate::cannot_reconcile, "table " + table.sql() + " differs from the model: " + what,
                "ds_reconcile_schema creates what is missing and adds nullable columns; it changes nothing else.",
                "Change the table by hand, or load a model that matches it.");
}

void require_ours(const Actual &actual, const sqltext::Qualified &name, shape::RelationKind kind)
{
    if (!actual.is_ours(kind, name.name))
        refuse_taken(name, "Rename it, or rename the dataset or sink in the model.");
}

void refuse_taken(const sqltext::Qualified &name, const std::string &hint)
{
    throw Error(sqlstate::duplicate_table, name.sql() + " exists already and was not made by ds_reconcile_schema",
                "It is left as it is.", hint);
}

} // namespace datasurface::reconcile
