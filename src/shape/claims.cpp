#include "shape/claims.hpp"

#include <map>
#include <set>
#include <string_view>

#include "shape/names.hpp"

namespace datasurface::shape {

namespace {

void claim_dataset(std::vector<Claim> &all, const model::Store &store, const model::Dataset &dataset,
                   const std::string &pointer)
{
    if (store.name.empty() || store.schema.empty() || dataset.name.empty())
        return; // could not be read, which is told of as such
    Names const n = names(store.schema, dataset.name);
    std::string const owner = "dataset \"" + dataset.name + "\" of store \"" + store.name + "\"";
    for (const sqltext::Qualified &name : {n.merge, n.merge_key, n.staging, n.staging_sequence})
        all.push_back({name, false, owner, owner, pointer});
    if (dataset.milestoning == model::Milestoning::live)
        return;
    for (const sqltext::Qualified &name : {n.history, n.history_out_index, n.history_key_index})
        all.push_back({name, false, owner, owner, pointer});
    all.push_back({n.as_of, true, owner, owner, pointer});
}

void claim_sinks(std::vector<Claim> &all, const model::Workspace &workspace, const model::Group &group,
                 const std::string &pointer, CheckInterrupts check_interrupts)
{
    for (std::size_t i = 0; i < group.sinks.size(); ++i) {
        check_interrupts();
        if (workspace.schema.empty() || group.sinks[i].name.empty())
            continue;
        ViewNames const views = view_names(workspace.schema, group.sinks[i].name);
        std::string const holder = "workspace \"" + workspace.name + "\"";
        std::string const claimant = "sink \"" + group.sinks[i].name + "\" of " + holder;
        std::string const here = pointer + "/sinks/" + std::to_string(i);
        all.push_back({views.current, false, holder, claimant, here});
        // claimed for live datasets too: they may become milestoned
        all.push_back({views.full, false, holder, claimant, here});
    }
}

} // namespace

std::vector<Claim> claims(const model::Model &model, CheckInterrupts check_interrupts)
{
    std::vector<Claim> all;
    for (std::size_t s = 0; s < model.stores.size(); ++s)
        for (std::size_t d = 0; d < model.stores[s].datasets.size(); ++d) {
            check_interrupts();
            claim_dataset(all, model.stores[s], model.stores[s].datasets[d],
                          "/stores/" + std::to_string(s) + "/datasets/" + std::to_string(d));
        }
    for (std::size_t w = 0; w < model.workspaces.size(); ++w)
        for (std::size_t g = 0; g < model.workspaces[w].groups.size(); ++g)
            claim_sinks(all, model.workspaces[w], model.workspaces[w].groups[g],
                        "/workspaces/" + std::to_string(w) + "/groups/" + std::to_string(g), check_interrupts);
    return all;
}

model::Problems check_claims(const std::vector<Claim> &document, const std::vector<Claim> &kept,
                             CheckInterrupts check_interrupts)
{
    std::map<std::pair<sqltext::Qualified, bool>, const Claim *> taken;
    for (const Claim &claim : kept)
        taken.emplace(std::pair(claim.name, claim.function), &claim);
    model::Problems problems;
    std::set<std::pair<std::string_view, std::string_view>> told; // one line for two that have several names in common
    for (const Claim &claim : document) {
        check_interrupts();
        auto const [other, fresh] = taken.emplace(std::pair(claim.name, claim.function), &claim);
        // two entries of one name are told of as such
        if (fresh || other->second->claimant == claim.claimant)
            continue;
        if (!told.emplace(claim.pointer, other->second->claimant).second)
            continue;
        problems.push_back(
            {model::Severity::error, claim.pointer, "name_clash",
             claim.claimant + " needs the name " + claim.name.sql() + ", which " + other->second->claimant + " has",
             "Rename one of the two, or give one of the stores or workspaces another schema."});
    }
    return problems;
}

} // namespace datasurface::shape
