#include "reconcile/plan_views.hpp"

#include <algorithm>

#include "base/error.hpp"
#include "base/sqlstate.hpp"
#include "change/refuse.hpp"

namespace datasurface::reconcile {

namespace {

using change::Action;
using change::Role;
using shape::RelationKind;
using sqltext::Qualified;

std::string payload(const shape::Shape &shape)
{
    std::vector<std::string> columns;
    for (const std::string &name : shape.column_names())
        columns.push_back(sqltext::identifier(name));
    return sqltext::join(columns, ", ");
}

bool shows_another(const change::Object &view, int dataset)
{
    return view.dataset != dataset;
}

// Executed as the owner of the schema, who may drop everything in it.
void plan_drop(std::vector<Step> &steps, RelationKind kind, const Qualified &view, const ActualViews &actual)
{
    bool const exists = actual.relations.count(view.name) > 0;
    steps.push_back({view.sql(), Action::drop, exists ? "DROP VIEW " + view.sql() : "", kind, view});
    steps.back().role = Role::workspace_owner;
}

void plan_view(std::vector<Step> &steps, const WantedView &view, const ActualViews &actual, int dataset)
{
    auto const existing = actual.relations.find(view.name.name);
    auto const ours = actual.ours.find({view.kind, view.name.name});
    bool const is_ours = ours != actual.ours.end();
    bool const anew = existing == actual.relations.end() || (is_ours && shows_another(ours->second, dataset));
    if (!anew && !is_ours)
        change::refuse_taken(view.name, "Rename it, or give the sink another name in the model.");
    if (anew || ours->second.definition != view.definition)
        steps.push_back(
            {view.name.sql(), anew ? Action::create : Action::replace, view.definition, view.kind, view.name});
    if (anew || existing->second.comment != view.comment)
        steps.push_back({view.name.sql(), Action::comment,
                         "COMMENT ON VIEW " + view.name.sql() + " IS " + sqltext::literal(view.comment), std::nullopt,
                         view.name});
}

Step loan_step(Action action, const std::string &statement)
{
    Step step;
    step.action = action;
    step.statement = statement;
    step.role = Role::workspace_owner;
    return step;
}

} // namespace

std::string current_view(const sqltext::Qualified &name, const shape::Shape &shape)
{
    return "CREATE OR REPLACE VIEW " + name.sql() + " AS SELECT " + payload(shape) + " FROM " + shape.names.merge.sql();
}

std::string full_view(const sqltext::Qualified &name, const shape::Shape &shape)
{
    std::string const select = "SELECT " + sqltext::identifier(shape::batch_in) + ", " +
                               sqltext::identifier(shape::batch_out) + ", " + payload(shape) + " FROM ";
    return "CREATE OR REPLACE VIEW " + name.sql() + " AS " + select + shape.names.merge.sql() + " UNION ALL " + select +
           shape.names.history.sql();
}

std::vector<WantedView> wanted_views(const shape::ViewNames &names, const shape::Shape &shape)
{
    std::string const subject = shape::title(shape);
    std::vector<WantedView> wanted = {
        {RelationKind::view, names.current, current_view(names.current, shape), "current rows of " + subject}};
    if (shape.milestoned)
        wanted.push_back({RelationKind::full_view, names.full, full_view(names.full, shape),
                          "all versions of the rows of " + subject});
    return wanted;
}

std::vector<Step> plan_views(const std::vector<WantedView> &wanted, const std::string &schema,
                             const ActualViews &actual, int dataset)
{
    std::vector<Step> steps;
    // in reverse order of creation
    for (auto view = actual.ours.rbegin(); view != actual.ours.rend(); ++view)
        if (const auto &[kind, name] = view->first; shows_another(view->second, dataset))
            plan_drop(steps, kind, {schema, name}, actual);
    for (const WantedView &view : wanted)
        plan_view(steps, view, actual, dataset);
    return steps;
}

void require_tables(const shape::Shape &shape, bool has_tables)
{
    if (!has_tables)
        throw Error(sqlstate::not_reconciled,
                    "the tables of dataset \"" + shape.dataset + "\" do not match the model yet",
                    "Views are made only on tables that match it.",
                    "Look at the row of the dataset with action failed, or reconcile store \"" + shape.store +
                        "\" first.");
}

bool changes_views(const std::vector<Step> &steps)
{
    return std::any_of(steps.begin(), steps.end(), [](const Step &step) { return step.action != Action::comment; });
}

std::vector<Step> with_loan(std::vector<Step> steps, const Loan &loan)
{
    auto const borrower_acts = [](const Step &step) { return step.role == Role::store_owner; };
    auto const first = std::find_if(steps.begin(), steps.end(), borrower_acts);
    if (loan.rights.empty() || first == steps.end())
        return steps;
    std::string const rights = sqltext::join(loan.rights, ", ") + " ON SCHEMA " + sqltext::identifier(loan.schema);
    std::string const borrower = sqltext::identifier(loan.borrower);
    steps.insert(first, loan_step(Action::grant, "GRANT " + rights + " TO " + borrower));
    steps.push_back(loan_step(Action::revoke, "REVOKE " + rights + " FROM " + borrower));
    return steps;
}

} // namespace datasurface::reconcile
