#include "model/lint_rules.hpp"

#include <algorithm>

#include "base/text.hpp"
#include "model/former_names.hpp"
#include "model/lint_names.hpp"

namespace datasurface::model {

namespace {

bool is_on(const Brake &brake)
{
    return brake.is_said && brake.action != Action::off;
}

} // namespace

void lint_braking(const Dataset &dataset, Consistency consistency, const Pointer &at, Report &report)
{
    if (!dataset.rules)
        return;
    const Rules &rules = *dataset.rules;
    bool const is_pushed = dataset.ingestion == Ingestion::push;
    if (is_pushed && is_on(rules.brakes.empty))
        report.error(at / "brakes" / "empty", "contradicting_brake", "a dataset that is pushed has no brake \"empty\"",
                     "Who pushes no rows says rows => 0 in ds_ingest. The brake \"deletes\" counts them too.");
    if (dataset.duplicate_keys == DuplicateKeys::error && is_on(rules.brakes.surplus))
        report.error(at / "brakes" / "surplus", "contradicting_brake",
                     "with \"duplicate_keys\": \"error\" no row is replaced by a duplicate",
                     "Leave the brake out, or use \"duplicate_keys\": \"last\".");
    if (!rules.says_when_held)
        return;
    if (consistency == Consistency::multi)
        report.error(at / "when_held", "misplaced_when_held",
                     "the datasets of a store with consistency \"multi\" are held together", "Say it at the store.");
    else if (is_pushed && rules.when_held == WhenHeld::replace)
        report_replaced_push(at / "when_held", report);
}

RuleLint::RuleLint(const Store &store, Report &report) : store(store), report(report)
{
    for (const Dataset &dataset : store.datasets)
        datasets.emplace(dataset.name, &dataset);
}

void RuleLint::lint(const Dataset &dataset, const Pointer &at)
{
    if (!dataset.rules)
        return;
    const Rules &rules = *dataset.rules;
    Distinct names("a check or reference");
    for (std::size_t i = 0; i < rules.checks.size() && !report.full(); ++i) {
        Pointer const name_at = at / "checks" / i / "name";
        lint_name(rules.checks[i].name, name_at, "a check", longest_identifier, report);
        names.add(rules.checks[i].name, name_at, report);
    }
    for (std::size_t i = 0; i < rules.references.size() && !report.full(); ++i) {
        Pointer const reference_at = at / "references" / i;
        lint_name(rules.references[i].name, reference_at / "name", "a reference", longest_identifier, report);
        names.add(rules.references[i].name, reference_at / "name", report);
        lint_reference(rules.references[i], dataset, reference_at);
    }
}

const RuleLint::Columns &RuleLint::columns_of(const Dataset &dataset)
{
    auto const [found, is_new] = columns.try_emplace(&dataset);
    if (is_new)
        for (const Column &column : dataset.columns)
            found->second.insert(column.name);
    return found->second;
}

// A column whose name could not be read, or that is beyond the limit, may be the one.
void RuleLint::lint_columns(const std::vector<std::string> &names, const Dataset &dataset, const Pointer &at)
{
    const Columns &known = columns_of(dataset);
    bool const knows_all = !known.empty() && !known.contains("") && dataset.columns.size() <= most_columns;
    Columns seen;
    for (std::size_t i = 0; i < names.size() && !report.full(); ++i) {
        if (names[i].empty())
            continue;
        if (!seen.insert(names[i]).second)
            report.error(at / i, "duplicate_column", "column " + shown(names[i]) + " is named twice");
        else if (knows_all && !known.contains(names[i]))
            report.error(at / i, "unknown_column",
                         "dataset " + shown(dataset.name) + " has no column " + shown(names[i]),
                         hint_for_column(names[i], dataset, report));
    }
}

void RuleLint::report_unknown_dataset(const std::string &name, const Pointer &at)
{
    std::vector<std::string_view> candidates;
    if (report.still_hints())
        for (const auto &[known, unused] : datasets)
            candidates.push_back(known);
    std::string_view const now = name_now(store.datasets, name);
    report.error(at, "unknown_dataset", "store " + shown(store.name) + " has no dataset " + shown(name),
                 now.empty() ? report.perhaps(name, candidates) : has_another_name(now));
}

// A dataset without a name could not be read, and may be the one.
void RuleLint::lint_reference(const Reference &reference, const Dataset &dataset, const Pointer &at)
{
    lint_columns(reference.columns, dataset, at / "columns");
    auto const found = datasets.find(reference.dataset);
    if (reference.dataset.empty() || (found == datasets.end() && datasets.contains("")))
        return;
    if (found == datasets.end())
        return report_unknown_dataset(reference.dataset, at / "dataset");
    const Dataset &other = *found->second;
    if (reference.to != other.primary_key)
        lint_columns(reference.to, other, at / "to");
    if (!reference.columns.empty() && !reference.to.empty() && reference.columns.size() != reference.to.size())
        report.error(at / "columns", "reference_columns",
                     "each column refers to one other: here are " + std::to_string(reference.columns.size()) +
                         ", and they refer to " + std::to_string(reference.to.size()),
                     "Without \"to\" they refer to the primary key of the other dataset.");
}

} // namespace datasurface::model
