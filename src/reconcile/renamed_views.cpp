#include "reconcile/renamed_views.hpp"

#include <map>
#include <optional>
#include <set>
#include <utility>

#include "catalog/dataset.hpp"
#include "catalog/store.hpp"
#include "model/parse.hpp"
#include "shape/names.hpp"

namespace datasurface::reconcile {

namespace {

using Names = std::set<std::pair<shape::RelationKind, std::string>>;

class Datasets {
public:
    // 0: there is none
    int id(const model::Sink &sink)
    {
        auto const [store, is_new] = stores.try_emplace(sink.store, 0);
        if (is_new)
            if (std::optional<catalog::Store> const found = catalog::find_store(sink.store))
                store->second = found->id;
        std::optional<catalog::Dataset> const dataset = catalog::find_dataset(store->second, sink.dataset);
        return dataset ? dataset->id : 0;
    }

private:
    std::map<std::string, int> stores;
};

} // namespace

RenamedViews renamed_views(const catalog::Workspace &workspace, const std::vector<catalog::Relation> &records)
{
    std::vector<NamedView> recorded, wanted;
    Names there;
    for (const catalog::Relation &record : records) {
        recorded.push_back({record.kind, record.name.name, record.dataset_id});
        there.emplace(record.kind, record.name.name);
    }
    if (records.empty())
        return {};
    Datasets datasets;
    for (const model::Group &group : model::workspace_from_json(workspace.definition).groups)
        for (const model::Sink &sink : group.sinks) {
            shape::ViewNames const names = shape::view_names(workspace.schema, sink.name);
            bool const known = there.contains({shape::RelationKind::view, names.current.name});
            int const dataset = known ? 0 : datasets.id(sink);
            wanted.push_back({shape::RelationKind::view, names.current.name, dataset});
            wanted.push_back({shape::RelationKind::full_view, names.full.name, dataset});
        }
    return plan_view_names(recorded, wanted);
}

} // namespace datasurface::reconcile
