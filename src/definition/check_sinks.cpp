#include "definition/check_sinks.hpp"

#include <algorithm>
#include <map>
#include <string_view>
#include <utility>

#include "base/text.hpp"
#include "definition/try_condition.hpp"
#include "pg/context.hpp"
#include "pg/session.hpp"

namespace datasurface::definition {

namespace {

struct ShownDataset {
    const model::Store *store;
    const model::Dataset *dataset;
    bool changed;        // by the document
    std::string pointer; // empty: it is not in the document
    const FormerNames *were;
};

class ShownDatasets {
public:
    ShownDatasets(const Candidate &candidate, const model::Model &kept)
    {
        for (std::size_t s = 0; s < candidate.document.stores.size(); ++s) {
            const model::Store &store = candidate.document.stores[s];
            for (std::size_t d = 0; d < store.datasets.size(); ++d) {
                std::string const pointer = "/stores/" + std::to_string(s) + "/datasets/" + std::to_string(d);
                add({&store, &store.datasets[d], candidate.changed_stores[s] && !candidate.is_misread(pointer), pointer,
                     &candidate.identity.columns_before(s, d)});
            }
        }
        for (const model::Store &store : kept.stores)
            for (const model::Dataset &dataset : store.datasets)
                add({&store, &dataset, false, {}, nullptr});
    }

    const ShownDataset *find(const model::Sink &sink) const
    {
        auto const found = by_name.find({sink.store, sink.dataset});
        return found == by_name.end() ? nullptr : &found->second;
    }

private:
    void add(ShownDataset target) { by_name.insert({{target.store->name, target.dataset->name}, std::move(target)}); }

    std::map<std::pair<std::string_view, std::string_view>, ShownDataset> by_name;
};

// It becomes part of a view that the owner of the store owns. subject: for problems
void check_condition(model::Report &problems, const model::Sink &sink, const ShownDataset &target,
                     const std::string &pointer, const std::string &subject, pg::TypeCache &types)
{
    if (sink.where().empty())
        return;
    const std::string &owner = target.store->owner;
    pg::with_context("validation of sink \"" + sink.name + "\"", [&] {
        try_condition(problems, *target.dataset, sink.where(),
                      {pointer, subject, pg::role_exists(owner) ? owner : "", true, &sink.columns()}, types);
    });
}

bool has_column(model::Report &problems, const std::string &column, const ShownDataset &target, const std::string &who)
{
    auto const &columns = target.dataset->columns;
    if (std::any_of(columns.begin(), columns.end(), [&](const auto &one) { return one.name == column; }))
        return true;
    for (const auto &[position, was] : *target.were)
        if (was == column) {
            problems.add({model::Severity::error, target.pointer + "/columns/" + std::to_string(position) + "/was",
                          "was_referred_to",
                          who + " shows column " + shown(column) + " by its former name, and is not in the document",
                          "Load the workspace in the same document, with the new name."});
            return false;
        }
    problems.add(
        {model::Severity::error, target.pointer + "/columns", "column_is_shown",
         who + " shows column " + shown(column) + ", which the dataset does not have any more",
         "Load the workspace in the same document, without the column. If it was renamed, say so by \"was\"."});
    return false;
}

// Of a workspace that the document does not name, over a dataset that it changes.
void check_kept(model::Report &problems, const model::Workspace &workspace, const model::Sink &sink,
                const ShownDataset &target, pg::TypeCache &types)
{
    std::string const who = "sink " + shown(sink.name) + " of workspace " + shown(workspace.name);
    bool all_there = true;
    for (const model::SinkColumn &column : sink.columns())
        all_there = has_column(problems, column.column, target, who) && all_there;
    if (all_there)
        check_condition(problems, sink, target, target.pointer + "/columns", "the condition of " + who, types);
}

template <typename Visit>
void each_part(const model::Workspace &workspace, const std::string &pointer, Visit visit)
{
    for (std::size_t g = 0; g < workspace.groups.size(); ++g)
        for (std::size_t s = 0; s < workspace.groups[g].sinks.size(); ++s)
            if (workspace.groups[g].sinks[s].part) {
                pg::check_interrupts();
                visit(workspace.groups[g].sinks[s],
                      pointer + "/groups/" + std::to_string(g) + "/sinks/" + std::to_string(s));
            }
}

bool has_parts(const std::deque<model::Workspace> &workspaces)
{
    bool any = false;
    for (const model::Workspace &workspace : workspaces)
        each_part(workspace, {}, [&](const model::Sink &, const std::string &) { any = true; });
    return any;
}

} // namespace

void check_sinks(model::Report &problems, const Candidate &candidate, const model::Model &kept, pg::TypeCache &types)
{
    const std::deque<model::Workspace> &workspaces = candidate.document.workspaces;
    if (!has_parts(workspaces) && !has_parts(kept.workspaces))
        return;
    ShownDatasets const datasets(candidate, kept);
    for (std::size_t w = 0; w < workspaces.size(); ++w)
        each_part(workspaces[w], "/workspaces/" + std::to_string(w),
                  [&](const model::Sink &sink, const std::string &pointer) {
                      const ShownDataset *const target = datasets.find(sink);
                      if (target != nullptr && (candidate.changed_workspaces[w] || target->changed))
                          check_condition(problems, sink, *target, pointer + "/where", "the condition", types);
                  });
    for (const model::Workspace &workspace : kept.workspaces)
        each_part(workspace, {}, [&](const model::Sink &sink, const std::string &) {
            const ShownDataset *const target = datasets.find(sink);
            if (target != nullptr && target->changed)
                check_kept(problems, workspace, sink, *target, types);
        });
}

} // namespace datasurface::definition
