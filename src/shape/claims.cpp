#include "shape/claims.hpp"

#include <map>
#include <set>
#include <string_view>

#include "model/report.hpp"
#include "shape/names.hpp"

namespace datasurface::shape {

namespace {

using LiveDatasets = std::set<std::pair<std::string_view, std::string_view>>; // store and dataset

void find_live(LiveDatasets &live, const model::Model &model)
{
    for (const model::Store &store : model.stores)
        for (const model::Dataset &dataset : store.datasets)
            if (dataset.milestoning == model::Milestoning::live)
                live.emplace(store.name, dataset.name);
}

void claim_dataset(std::vector<Claim> &all, const model::Store &store, const model::Dataset &dataset,
                   const std::string &pointer)
{
    if (store.name.empty() || store.schema.empty() || dataset.name.empty())
        return; // could not be read; the reader has reported it
    Names const n = names(store.schema, dataset.name);
    std::string const owner = holder_dataset(store.name, dataset.name);
    for (const sqltext::Qualified &name : {n.merge, n.merge_key, n.staging, n.staging_sequence})
        all.push_back({name, false, owner, owner, pointer});
    if (dataset.milestoning == model::Milestoning::live)
        return;
    for (const sqltext::Qualified &name : {n.history, n.history_out_index, n.history_key_index})
        all.push_back({name, false, owner, owner, pointer});
    all.push_back({n.as_of, true, owner, owner, pointer});
}

void claim_sink(std::vector<Claim> &all, const model::Workspace &workspace, const model::Sink &sink,
                const LiveDatasets &live, const std::string &pointer)
{
    if (workspace.schema.empty() || sink.name.empty())
        return;
    ViewNames const views = view_names(workspace.schema, sink.name);
    std::string const holder = holder_workspace(workspace.name);
    std::string const claimant = "sink \"" + sink.name + "\" of " + holder;
    all.push_back({views.current, false, holder, claimant, pointer});
    all.push_back({views.full, false, holder, claimant, pointer, live.contains({sink.store, sink.dataset})});
}

void claim_sinks(std::vector<Claim> &all, const model::Workspace &workspace, const LiveDatasets &live,
                 const std::string &pointer, CheckInterrupts check_interrupts)
{
    for (std::size_t g = 0; g < workspace.groups.size(); ++g)
        for (std::size_t s = 0; s < workspace.groups[g].sinks.size(); ++s) {
            check_interrupts();
            claim_sink(all, workspace, workspace.groups[g].sinks[s], live,
                       pointer + "/groups/" + std::to_string(g) + "/sinks/" + std::to_string(s));
        }
}

// The message for two claims of one name.
std::string clash(const Claim &claim, const Claim &other)
{
    std::string const needs = claim.claimant + " needs the name " + claim.name.sql();
    if (claim.reserved)
        return needs + " if its dataset becomes milestoned, but " + other.claimant + " has it";
    if (other.reserved)
        return needs + ", which is reserved for " + other.claimant + " if its dataset becomes milestoned";
    return needs + ", which " + other.claimant + " has";
}

} // namespace

std::string holder_dataset(const std::string &store, const std::string &dataset)
{
    return "dataset \"" + dataset + "\" of store \"" + store + "\"";
}

std::string holder_workspace(const std::string &workspace)
{
    return "workspace \"" + workspace + "\"";
}

std::vector<Claim> claims(const model::Model &model, CheckInterrupts check_interrupts, const model::Model &rest)
{
    std::vector<Claim> all;
    LiveDatasets live;
    find_live(live, model);
    find_live(live, rest);
    for (std::size_t s = 0; s < model.stores.size(); ++s)
        for (std::size_t d = 0; d < model.stores[s].datasets.size(); ++d) {
            check_interrupts();
            claim_dataset(all, model.stores[s], model.stores[s].datasets[d],
                          "/stores/" + std::to_string(s) + "/datasets/" + std::to_string(d));
        }
    for (std::size_t w = 0; w < model.workspaces.size(); ++w)
        claim_sinks(all, model.workspaces[w], live, "/workspaces/" + std::to_string(w), check_interrupts);
    return all;
}

model::Problems check_claims(const std::vector<Claim> &document, const std::vector<Claim> &kept,
                             CheckInterrupts check_interrupts)
{
    std::map<std::pair<sqltext::Qualified, bool>, const Claim *> taken;
    for (const Claim &claim : kept)
        taken.emplace(std::pair(claim.name, claim.function), &claim);
    model::Report problems;
    std::set<std::pair<std::string_view, std::string_view>> reported; // one problem per pair of claimants
    for (const Claim &claim : document) {
        check_interrupts();
        auto const [other, fresh] = taken.emplace(std::pair(claim.name, claim.function), &claim);
        // lint reports two entries of the same name
        if (fresh || other->second->claimant == claim.claimant)
            continue;
        if (!reported.emplace(claim.pointer, other->second->claimant).second)
            continue;
        problems.add({model::Severity::error, claim.pointer, "name_clash", clash(claim, *other->second),
                      "Rename one of the two, or give one of the stores or workspaces another schema."});
    }
    return problems.take();
}

} // namespace datasurface::shape
