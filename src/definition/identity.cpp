#include "definition/identity.hpp"

#include <algorithm>
#include <set>
#include <utility>

#include "base/text.hpp"
#include "model/parse.hpp"

namespace datasurface::definition {

namespace {

std::string place_of(const std::string &list, std::size_t position)
{
    return list + "/" + std::to_string(position);
}

template <typename Entry>
bool has_former(const std::vector<Entry> &entries)
{
    return std::any_of(entries.begin(), entries.end(), [](const Entry &entry) { return entry.was != nullptr; });
}

// Of datasets or columns.
template <typename Entry>
std::vector<Labels> labels(const std::vector<Entry> &entries)
{
    std::vector<Labels> all;
    all.reserve(entries.size());
    for (const Entry &entry : entries)
        all.push_back({entry.name, entry.was ? std::string_view(*entry.was) : std::string_view()});
    return all;
}

// Of parts of a document.
template <typename Parts>
std::vector<Labels> labels(const Parts &parts, const std::map<std::size_t, std::string> &were)
{
    std::vector<Labels> all;
    for (std::size_t i = 0; i < parts.size(); ++i) {
        auto const was = were.find(i);
        all.push_back({parts[i].name, was == were.end() ? std::string_view() : std::string_view(was->second)});
    }
    return all;
}

FormerNames resolve(model::Report &problems, std::string_view what, const std::vector<Labels> &document,
                    const NamesBefore *before, const std::string &list, const std::string &where = {})
{
    Renames renames = plan_renames(what, document, before, where);
    for (WasFault &fault : renames.faults)
        problems.add({model::Severity::error, place_of(list, fault.position) + "/was", fault.code,
                      std::move(fault.message), std::move(fault.hint)});
    return std::move(renames.were);
}

void resolve_columns(model::Report &problems, RenamesWithin &within, const model::Dataset &dataset,
                     std::size_t position, const std::optional<catalog::Dataset> &before, const std::string &pointer)
{
    NamesBefore names;
    if (before)
        for (const model::Column &column : model::dataset_from_json(before->definition).columns)
            names.emplace(column.name, true);
    FormerNames were =
        resolve(problems, "column", labels(dataset.columns), before ? &names : nullptr, pointer + "/columns");
    if (!were.empty())
        within.columns.emplace(position, std::move(were));
}

// before: the store; none: it is new, and so are its datasets.
RenamesWithin resolve_store(model::Report &problems, const model::Store &store,
                            const std::optional<catalog::Store> &before, const std::string &pointer)
{
    RenamesWithin within;
    std::string const list = pointer + "/datasets";
    if (has_former(store.datasets)) {
        NamesBefore const names = before ? catalog::dataset_names(before->id) : NamesBefore();
        within.datasets = resolve(problems, "dataset", labels(store.datasets), before ? &names : nullptr, list,
                                  before ? "store " + shown(before->name) : "");
    }
    for (std::size_t d = 0; d < store.datasets.size(); ++d) {
        const model::Dataset &dataset = store.datasets[d];
        if (!has_former(dataset.columns))
            continue;
        auto const was = within.datasets.find(d);
        std::optional<catalog::Dataset> loaded;
        if (before)
            loaded = catalog::find_dataset(before->id, was == within.datasets.end() ? dataset.name : was->second);
        resolve_columns(problems, within, dataset, d, loaded, place_of(list, d));
    }
    return within;
}

const std::string &former(const FormerNames &were, std::size_t position, const std::string &name)
{
    auto const was = were.find(position);
    return was == were.end() ? name : was->second;
}

// The pointer of each "was" by the name that it gives up.
using Given = std::map<std::string_view, std::string>;

Given given_up(const FormerNames &were, const std::string &list)
{
    Given given;
    for (const auto &[position, name] : were)
        given.emplace(name, place_of(list, position) + "/was");
    return given;
}

void report_reference(model::Report &problems, const std::string &pointer, const std::string &who,
                      const std::string &to)
{
    problems.add({model::Severity::error, pointer, "was_referred_to",
                  who + " refers to " + to + " by its former name, and is not in the document",
                  "Load it in the same document, with the new name."});
}

// By stores and sources that the document does not name. The stores are read from their rows: a definition that has nothing else to do with
// the document was not read.
void check_references_to_sources(model::Report &problems, const Identity &identity, const model::Model &kept)
{
    std::set<std::string_view> names;
    for (const model::Store &store : kept.stores)
        names.insert(store.name);
    for (const auto &[former, pointer] : given_up(identity.sources, "/sources"))
        for (const catalog::Store &store : catalog::stores_of_source(std::string(former)))
            if (names.contains(store.name))
                report_reference(problems, pointer, "store " + shown(store.name), "source " + shown(former));
    Given const credentials = given_up(identity.credentials, "/credentials");
    for (const model::Source &source : kept.sources)
        if (auto const found = credentials.find(source.credential); found != credentials.end())
            report_reference(problems, found->second, "source " + shown(source.name),
                             "credential " + shown(source.credential));
}

} // namespace

const std::string &Identity::store_before(const model::Model &document, std::size_t store) const
{
    return former(stores, store, document.stores[store].name);
}

const std::string &Identity::workspace_before(const model::Model &document, std::size_t workspace) const
{
    return former(workspaces, workspace, document.workspaces[workspace].name);
}

const std::string &Identity::source_before(const model::Model &document, std::size_t source) const
{
    return former(sources, source, document.sources[source].name);
}

const std::string &Identity::credential_before(const model::Model &document, std::size_t credential) const
{
    return former(credentials, credential, document.credentials[credential].name);
}

const std::string &Identity::dataset_before(const model::Model &document, std::size_t store, std::size_t dataset) const
{
    const std::string &name = document.stores[store].datasets[dataset].name;
    auto const found = within.find(store);
    return found == within.end() ? name : former(found->second.datasets, dataset, name);
}

const FormerNames &Identity::columns_before(std::size_t store, std::size_t dataset) const
{
    static const FormerNames *const none = new FormerNames;
    auto const found = within.find(store);
    if (found == within.end())
        return *none;
    auto const columns = found->second.columns.find(dataset);
    return columns == found->second.columns.end() ? *none : columns->second;
}

Identity find_identity(model::Report &problems, const model::Model &document, bool is_new)
{
    Identity identity;
    auto const resolve_list = [&](std::string_view what, const auto &entries, const FormerNames &were,
                                  NamesBefore (*names_before)(), const std::string &list) {
        if (were.empty())
            return FormerNames();
        NamesBefore const names = names_before();
        return resolve(problems, what, labels(entries, were), is_new ? nullptr : &names, list);
    };
    identity.credentials = resolve_list("credential", document.credentials, document.credentials_were,
                                        catalog::credential_names, "/credentials");
    identity.sources =
        resolve_list("source", document.sources, document.sources_were, catalog::source_names, "/sources");
    identity.stores = resolve_list("store", document.stores, document.stores_were, catalog::store_names, "/stores");
    identity.workspaces = resolve_list("workspace", document.workspaces, document.workspaces_were,
                                       catalog::workspace_names, "/workspaces");
    for (std::size_t s = 0; s < document.stores.size(); ++s) {
        const model::Store &store = document.stores[s];
        if (!has_former(store.datasets) && std::none_of(store.datasets.begin(), store.datasets.end(),
                                                        [](const auto &each) { return has_former(each.columns); }))
            continue;
        std::optional<catalog::Store> const before = catalog::find_store(identity.store_before(document, s));
        RenamesWithin within = resolve_store(problems, store, before, place_of("/stores", s));
        if (!within.datasets.empty() || !within.columns.empty())
            identity.within.emplace(s, std::move(within));
    }
    return identity;
}

void check_references_to_former_names(model::Report &problems, const Identity &identity, const model::Model &document,
                                      const model::Model &kept)
{
    check_references_to_sources(problems, identity, kept);
    Given const workspaces = given_up(identity.workspaces, "/workspaces");
    for (const model::Store &store : kept.stores)
        for (std::size_t c = 0; store.consumers && c < store.consumers->size(); ++c)
            if (auto const found = workspaces.find((*store.consumers)[c].workspace); found != workspaces.end())
                report_reference(problems, found->second, "store " + shown(store.name),
                                 "workspace " + shown(std::string(found->first)));
    Given const stores = given_up(identity.stores, "/stores");
    std::map<std::string_view, Given> datasets; // by the name of their store
    for (const auto &[s, within] : identity.within)
        datasets.emplace(identity.store_before(document, s),
                         given_up(within.datasets, place_of("/stores", s) + "/datasets"));
    for (const model::Workspace &workspace : kept.workspaces)
        for (const model::Group &group : workspace.groups)
            for (const model::Sink &sink : group.sinks) {
                std::string const who = "workspace " + shown(workspace.name);
                if (auto const store = stores.find(sink.store); store != stores.end()) {
                    report_reference(problems, store->second, who, "store " + shown(sink.store));
                    continue;
                }
                auto const of_store = datasets.find(sink.store);
                if (of_store == datasets.end())
                    continue;
                if (auto const found = of_store->second.find(sink.dataset); found != of_store->second.end())
                    report_reference(problems, found->second, who, "dataset " + shown(sink.dataset));
            }
}

} // namespace datasurface::definition
