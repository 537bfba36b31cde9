#include "reconcile/plan_views.hpp"

#include <algorithm>

#include "base/error.hpp"
#include "base/sqlstate.hpp"
#include "change/refuse.hpp"
#include "change/view_columns.hpp"
#include "change/view_gone.hpp"
#include "change/view_place.hpp"
#include "change/view_rows.hpp"

namespace datasurface::reconcile {

namespace {

using change::Action;
using change::ActualView;
using change::Role;
using change::Views;
using change::WantedView;
using shape::RelationKind;

constexpr char take_another_name[] = "Rename it, or give the sink another name in the model.";

// reason: why a view is made that was there
void create(Views &views, const WantedView &wanted, bool is_free, const std::string &reason = "")
{
    if (!is_free)
        change::refuse_taken(wanted.name, take_another_name);
    Step step = change::make_view(Action::create, wanted);
    step.reason = reason;
    views.take(std::move(step));
    views.take(change::comment_on_view(wanted));
    change::settle_readers(views, change::select_on(wanted.name), {wanted.readers});
}

// Of a view that is there, or was until it is created again with its grants. view_waits: something of it does.
void settle_readers(Views &views, const WantedView &wanted, const ActualView &actual, bool view_waits)
{
    change::settle_readers(views, change::select_on(wanted.name),
                           {wanted.readers, actual.readers, actual.granted, {}, view_waits});
}

void change_view(Views &views, const WantedView &of_model, const ActualView &actual, bool is_free)
{
    WantedView wanted = of_model; // without what waits
    change::require_as_made(actual.object, actual.object.name.sql());
    std::size_t const waiting = views.waiting.size();
    if (!change::settle_owner(views, wanted, actual))
        return;
    bool const records_owner = change::gets_another_owner(wanted, actual);
    bool const anew = change::settle_columns(views, wanted, actual);
    change::settle_name(views, wanted, actual, anew, is_free);
    std::size_t const before = views.steps.size();
    change::settle_rows(views, of_model, wanted, actual, anew);
    bool const waits = views.waiting.size() > waiting;
    if (anew) {
        change::make_again(views, wanted, actual);
        return settle_readers(views, wanted, actual, waits);
    }
    bool const replaced = views.steps.size() > before;
    if (!replaced && (records_owner || actual.object.definition != change::definition(wanted)))
        views.take(change::make_view(Action::replace, wanted));
    if (actual.object.there.comment != wanted.comment)
        views.take(change::comment_on_view(wanted));
    settle_readers(views, wanted, actual, waits);
}

void plan_view(Views &views, const WantedView &wanted, const ActualViews &actual)
{
    bool const is_free = actual.relations.count(wanted.name) == 0;
    auto const ours = actual.ours.find(wanted.kind);
    if (ours == actual.ours.end())
        return create(views, wanted, is_free);
    const ActualView &view = ours->second;
    if (view.object.dataset != wanted.dataset)
        return create(views, wanted, is_free || view.object.name == wanted.name); // that one is dropped before
    if (view.object.exists)
        return change_view(views, wanted, view, is_free);
    create(views, wanted, is_free,
           "it was made and is not there any more (renamed or dropped by hand); grants are not known");
}

// Views that show another dataset go together. Its owner may be another one, so the owner of the schema drops them. Answers false when
// they wait.
bool drop_those_of_another(Views &views, const ActualViews &actual, int dataset)
{
    std::vector<Step> change;
    for (auto ours = actual.ours.rbegin(); ours != actual.ours.rend(); ++ours) // in reverse order of creation
        if (const auto &[kind, view] = *ours; view.object.dataset != dataset)
            change.push_back(
                change::drop_step(views, view, kind,
                                  "the sink shows another dataset now; its grants were given on what it showed before",
                                  Role::workspace_owner));
    return change.empty() || views.take(std::move(change));
}

// Answers true when there is a view of all versions that is to go and stays.
bool keeps_full_view(Views &views, const ActualViews &actual)
{
    auto const full = actual.ours.find(RelationKind::full_view);
    return full != actual.ours.end() && !change::drop_view(views, full->second, RelationKind::full_view,
                                                           "the dataset is live now: it has no versions");
}

Step loan_step(Action action, const std::string &statement)
{
    Step step;
    step.action = action;
    step.statement = statement;
    step.role = Role::workspace_owner;
    step.lent = true;
    return step;
}

} // namespace

std::vector<WantedView> wanted_views(const shape::ViewNames &names, const shape::Shape &shape,
                                     const std::vector<change::ViewColumn> &columns, const std::string &where,
                                     int dataset, const std::vector<change::Reader> &readers,
                                     const change::Publishing &publishing)
{
    std::string const subject = shape::title(shape);
    WantedView view;
    view.name = names.current;
    view.merge = shape.names.merge;
    view.columns = columns;
    view.where = where;
    view.comment = "current rows of " + subject;
    view.owner = shape.owner;
    view.dataset = dataset;
    view.publishing = publishing;
    view.readers = readers;
    std::vector<WantedView> wanted = {view};
    if (!shape.milestoned)
        return wanted;
    view.kind = RelationKind::full_view;
    view.name = names.full;
    view.history = shape.names.history;
    view.comment = "all versions of the rows of " + subject;
    wanted.push_back(std::move(view));
    return wanted;
}

Views plan_views(const std::vector<WantedView> &wanted, bool milestoned, const ActualViews &actual,
                 const change::Allowed &allowed)
{
    Views views{{allowed}};
    int const dataset = wanted.front().dataset;
    bool const of_another = std::any_of(actual.ours.begin(), actual.ours.end(),
                                        [&](const auto &ours) { return ours.second.object.dataset != dataset; });
    if (!drop_those_of_another(views, actual, dataset))
        return views; // the sink shows what it showed
    bool const with_full = milestoned || (!of_another && keeps_full_view(views, actual));
    for (const WantedView &view : wanted)
        if (view.kind == RelationKind::view || with_full)
            plan_view(views, view, actual);
    return views;
}

void require_tables(const shape::Shape &shape, bool has_tables)
{
    if (!has_tables)
        throw Error(sqlstate::not_reconciled,
                    "the tables of dataset \"" + shape.dataset + "\" do not match the model yet",
                    "Views are made only on tables that match it.",
                    "Look at the row of the dataset with action failed or waiting, or reconcile store \"" +
                        shape.store + "\" first.");
}

std::vector<Step> with_loans(std::vector<Step> steps, const std::vector<Loan> &loans)
{
    auto const borrower_acts = [](const Step &step) { return step.role != Role::workspace_owner; };
    auto const first = std::find_if(steps.begin(), steps.end(), borrower_acts);
    if (first == steps.end())
        return steps;
    std::vector<Step> grants;
    for (const Loan &loan : loans) {
        if (loan.rights.empty())
            continue;
        std::string const rights = sqltext::join(loan.rights, ", ") + " ON SCHEMA " + sqltext::identifier(loan.schema);
        std::string const borrower = sqltext::identifier(loan.borrower);
        grants.push_back(loan_step(Action::grant, "GRANT " + rights + " TO " + borrower));
    }
    steps.insert(first, grants.begin(), grants.end());
    for (const Loan &loan : loans)
        if (!loan.rights.empty())
            steps.push_back(loan_step(Action::revoke, "REVOKE " + sqltext::join(loan.rights, ", ") + " ON SCHEMA " +
                                                          sqltext::identifier(loan.schema) + " FROM " +
                                                          sqltext::identifier(loan.borrower)));
    return steps;
}

} // namespace datasurface::reconcile
