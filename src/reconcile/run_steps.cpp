#include "reconcile/run_steps.hpp"

#include <algorithm>
#include <cstdint>

#include "catalog/relation.hpp"
#include "catalog/schema_reader.hpp"
#include "pg/harmless_only.hpp"
#include "pg/session.hpp"
#include "pg/spi.hpp"
#include "pg/stop_point.hpp"
#include "reconcile/record.hpp"
#include "sqltext/sqltext.hpp"

namespace datasurface::reconcile {

namespace {

using change::Action;
using change::Class;
using change::Step;

const std::string &role_of(const Target &target, const Step &step)
{
    switch (step.role) {
    case change::Role::workspace_owner:
        return target.workspace_owner;
    case change::Role::loader:
        return target.loader;
    case change::Role::store_owner:
        break;
    }
    return target.store_owner;
}

// The role of a grant that is ours, or was.
void record_reader(const Target &target, const Step &step)
{
    bool const granted = step.action == Action::grant;
    if (!step.name.name.empty())
        (granted ? catalog::save_reader : catalog::forget_reader)(step.name, step.reader);
    else
        (granted ? catalog::save_schema_reader : catalog::forget_schema_reader)(target.workspace.value(),
                                                                                step.name.schema, step.reader);
}

// Notes what the steps made, and writes it down together: one by one takes longer than many a step.
class Records {
public:
    explicit Records(const Target &target) : target_(target) {}

    void add(const Step &step)
    {
        if (!step.reader.empty()) {
            write(); // the view that it is granted on
            return record_reader(target_, step);
        }
        if (!step.kind)
            return;
        if (step.action != Action::drop && !step.was) {
            // what is made twice is recorded as it was made last
            std::erase_if(made_, [&](const catalog::Relation &made) {
                return made.name == step.name && made.kind == *step.kind;
            });
            made_.push_back(
                {step.name, *step.kind, target_.dataset, target_.workspace, step.statement, target_.store_owner});
            return;
        }
        write();
        if (step.action == Action::drop)
            catalog::forget_relation(step.name, *step.kind);
        else
            catalog::rename_relation(*step.was, *step.kind, step.name);
    }

    void write()
    {
        catalog::save_relations(made_);
        made_.clear();
    }

private:
    const Target &target_;
    std::vector<catalog::Relation> made_;
};

// The classes that allow has to name for all of the steps, such as "rewrite,lossy".
std::string classes_of(const std::vector<Step> &waiting)
{
    std::vector<std::string> classes;
    for (Class const one : {Class::rewrite, Class::lossy})
        if (std::any_of(waiting.begin(), waiting.end(), [&](const Step &step) { return step.cost == one; }))
            classes.emplace_back(word(one));
    return sqltext::join(classes, ",");
}

std::string advice_of(const Step &step, const std::vector<Step> &waiting, const std::string &classes)
{
    std::string const by_hand = step.instead.empty() ? "" : step.instead + " ";
    if (step.cost == Class::refused)
        return step.instead.empty() ? "Bring about what the DETAIL asks for; then reconcile again."
                                    : by_hand + "Then reconcile again.";
    bool const with_refused =
        std::any_of(waiting.begin(), waiting.end(), [](const Step &other) { return other.cost == Class::refused; });
    if (classes.empty() || (step.cost == Class::safe && with_refused))
        return by_hand + "It waits for steps of the same object.";
    std::string const meant = step.instead.empty() ? "If that is meant" : by_hand + "Or, if the step is meant";
    return meant + ", ds_reconcile_schema(allow => '{" + classes + "}') does it, and what waits with it.";
}

std::string detail_of(const Step &step)
{
    std::string detail = step.cost == Class::safe ? "" : std::string(word(step.cost)) + ": " + step.reason;
    if (!step.dependents.empty())
        detail += ": " + sqltext::join(step.dependents, ", ");
    return detail;
}

} // namespace

void execute_step(Results &results, const std::string &role, const Step &step)
{
    bool const reported = !step.lent;
    std::int64_t const started = microseconds();
    if (reported)
        results.push_back({step.object, std::string(word(step.action)), step.statement, "", "", "",
                           std::string(word(step.cost)), false, Timing{started}});
    pg::as_role(role, [&] {
        auto const run = [&] { pg::execute({std::string(word(step.action)), step.statement, {}}); };
        // the loader of a workspace has written the condition of its views
        if (step.kind && is_view(*step.kind))
            pg::with_harmless_code_only(run);
        else
            run();
    });
    if (reported)
        results.back().timing->taken = microseconds() - started;
}

void run_steps(Results &results, const Target &target, const std::vector<Step> &steps)
{
    Records records(target);
    for (const Step &step : steps) {
        if (!step.statement.empty())
            execute_step(results, role_of(target, step), step);
        pg::stop_point("reconcile.executed");
        records.add(step);
    }
    records.write();
}

void report_waiting(Results &results, const std::vector<Step> &steps)
{
    std::string const classes = classes_of(steps);
    for (const Step &step : steps)
        if (!step.statement.empty())
            results.push_back({step.object, std::string(waiting), step.statement, "", detail_of(step),
                               advice_of(step, steps, classes)});
}

void report_later(Results &results, const std::vector<Step> &steps)
{
    for (const Step &step : steps) {
        if (step.statement.empty())
            continue;
        results.push_back(
            {step.object, std::string(waiting), step.statement, "", detail_of(step),
             "CALL datasurface.ds_reconcile() does it in transactions of its own. Or call again when this "
             "transaction has committed."});
        results.back().in_next_transaction = true;
    }
}

} // namespace datasurface::reconcile
