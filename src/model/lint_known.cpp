#include "model/lint_known.hpp"

#include "base/text.hpp"
#include "model/former_names.hpp"
#include "model/lint_names.hpp"

#include <string>
#include <utility>
#include <vector>

namespace datasurface::model {

namespace {

// A name that could not be read is empty. It may be the one looked for, so an empty name counts as found.
template <typename Entry>
void lint_is_there(const std::string &name, std::string_view what,
                   const std::map<std::string_view, const Entry *> &known,
                   const std::map<std::string_view, std::string_view> &now, const Pointer &at, Report &report)
{
    if (name.empty() || known.contains(name) || known.contains(""))
        return;
    std::vector<std::string_view> candidates;
    if (report.still_hints())
        for (const auto &[candidate, unused] : known)
            candidates.push_back(candidate);
    auto const renamed = now.find(name);
    report.error(at, "unknown_" + std::string(what), "there is no " + std::string(what) + " " + shown(name),
                 renamed == now.end() ? report.perhaps(name, candidates) : has_another_name(renamed->second));
}

} // namespace

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
    for (const Source &source : model.sources)
        sources.emplace(source.name, &source);
    for (const auto &[position, former] : model.sources_were)
        sources_now.emplace(former, model.sources[position].name);
    for (const Credential &credential : model.credentials)
        credentials.emplace(credential.name, &credential);
    for (const auto &[position, former] : model.credentials_were)
        credentials_now.emplace(former, model.credentials[position].name);
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

const Credential *Known::find_credential(const std::string &name) const
{
    auto const found = credentials.find(name);
    return name.empty() || found == credentials.end() ? nullptr : found->second;
}

void Known::lint_reference(const Store &store, const Pointer &at, Report &report) const
{
    if (!store.source)
        return;
    lint_name(*store.source, at / "source", "a source", longest_name, report);
    lint_is_there(*store.source, "source", sources, sources_now, at / "source", report);
}

void Known::lint_reference(const Source &source, const Pointer &at, Report &report) const
{
    lint_name(source.credential, at / "credential", "a credential", longest_name, report);
    lint_is_there(source.credential, "credential", credentials, credentials_now, at / "credential", report);
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
