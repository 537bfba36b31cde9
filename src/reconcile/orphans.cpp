#include "reconcile/orphans.hpp"

#include <map>

#include "catalog/orphan.hpp"
#include "catalog/store.hpp"
#include "reconcile/inspect.hpp"
#include "rights/facts.hpp"

namespace datasurface::reconcile {

namespace {

// Those of stores that the caller may reconcile.
std::vector<catalog::Orphan> permitted_orphans(const std::string &caller, const std::optional<std::string> &store)
{
    std::vector<catalog::Orphan> orphans = catalog::orphans(store);
    std::map<int, bool> may_by_store;
    std::erase_if(orphans, [&](const catalog::Orphan &orphan) {
        auto const [known, is_new] = may_by_store.try_emplace(orphan.store_id, false);
        if (is_new)
            known->second = rights::may(rights::Act::reconcile_store, caller, catalog::store(orphan.store_id));
        return !known->second;
    });
    return orphans;
}

} // namespace

std::vector<ShownOrphan> shown_orphans(const std::string &caller, const std::optional<std::string> &store)
{
    std::vector<ShownOrphan> shown;
    for (const catalog::Orphan &orphan : permitted_orphans(caller, store)) {
        ShownOrphan one{orphan.tables.front().sql(),
                        "the model no longer names dataset \"" + orphan.dataset + "\" of store \"" + orphan.store +
                            "\"; ds_drop_dataset drops it",
                        0};
        for (const auto &[name, found] : inspect_relations(orphan.tables))
            one.bytes += found.relation.bytes;
        shown.push_back(std::move(one));
    }
    return shown;
}

} // namespace datasurface::reconcile
