#include "model/lint_known.hpp"

#include "base/text.hpp"
#include "model/former_names.hpp"

#include <string>
#include <utility>
#include <vector>

namespace datasurface::model {

Known::Known(const Model &document, const Model &kept)
{
    take(document);
    take(kept);
}

void Known::take(const Model &model)
{
    for (const Store &store : model.stores) {
        auto &of_store = datasets[store.name];
        for (const Dataset &dataset : store.datasets) {
            of_store.emplace(dataset.name, &dataset);
            if (dataset.was)
                datasets_now.emplace(std::pair<std::string_view, std::string_view>(store.name, *dataset.was),
                                     dataset.name);
        }
    }
    for (const auto &[position, former] : model.stores_were)
        stores_now.emplace(former, model.stores[position].name);
    for (const Workspace &workspace : model.workspaces)
        workspaces.insert(workspace.name);
}

std::string_view Known::store_now(const std::string &former) const
{
    auto const now = stores_now.find(former);
    return now == stores_now.end() ? std::string_view() : now->second;
}

std::string_view Known::dataset_now(const Sink &sink) const
{
    auto const now = datasets_now.find({sink.store, sink.dataset});
    return now == datasets_now.end() ? std::string_view() : now->second;
}

// A name that could not be read is empty. It may be the one looked for, so an empty name counts as found.
void Known::lint_reference(const Sink &sink, const Pointer &at, Report &report) const
{
    if (sink.store.empty())
        return;
    auto const found = datasets.find(sink.store);
    if (found == datasets.end()) {
        if (datasets.contains(""))
            return;
        std::vector<std::string_view> names;
        for (const auto &[name, unused] : datasets) {
            if (report.still_hints())
                names.push_back(name);
        }
        std::string_view const now = store_now(sink.store);
        report.error(at / "store", "unknown_store", "there is no store " + shown(sink.store),
                     now.empty() ? report.perhaps(sink.store, names) : has_another_name(now));
        return;
    }
    const auto &of_store = found->second;
    if (sink.dataset.empty() || of_store.contains(sink.dataset) || of_store.contains(""))
        return;
    std::vector<std::string_view> candidates;
    if (report.still_hints())
        for (const auto &[name, dataset] : of_store)
            candidates.push_back(name);
    std::string_view const now = dataset_now(sink);
    report.error(at / "dataset", "unknown_dataset",
                 "store " + shown(sink.store) + " has no dataset " + shown(sink.dataset),
                 now.empty() ? report.perhaps(sink.dataset, candidates) : has_another_name(now));
}

const Dataset *Known::find(const Sink &sink) const
{
    auto const store = datasets.find(sink.store);
    if (store == datasets.end() || sink.dataset.empty())
        return nullptr;
    auto const dataset = store->second.find(sink.dataset);
    return dataset == store->second.end() ? nullptr : dataset->second;
}

// Only a warning: the workspace may have left the model. A name that could not be read is empty. It may be the one looked
// for, so an empty name counts as found.
void Known::lint_reference(const Consumer &consumer, const Pointer &at, Report &report) const
{
    if (consumer.workspace.empty() || workspaces.contains(consumer.workspace) || workspaces.contains(""))
        return;
    std::vector<std::string_view> names;
    if (report.still_hints())
        names.assign(workspaces.begin(), workspaces.end());
    std::string const hint = report.perhaps(consumer.workspace, names);
    report.warning(at / "workspace", "unknown_workspace", "there is no workspace " + shown(consumer.workspace),
                   hint.empty() ? "The entry lets nobody read the store." : hint);
}

} // namespace datasurface::model
