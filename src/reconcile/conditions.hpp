// Private to reconcile: the conditions that the sinks of the loaded model have, by the views that are there.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <utility>

#include "catalog/relation.hpp"
#include "catalog/workspace.hpp"
#include "shape/names.hpp"

namespace datasurface::reconcile {

// For one call. A workspace is read and parsed once for all of its views, and again only when another model was loaded meanwhile.
class Conditions {
public:
    // record: of a view of ours. Nothing when no sink is for the view any more.
    std::optional<std::string> find(const catalog::Relation &record);

private:
    using View = std::pair<shape::RelationKind, std::string>;

    struct OfWorkspace {
        std::map<View, std::string> now; // the names that views are to have, by those that they have; where they differ
        std::map<View, std::string> by_view;
    };

    static OfWorkspace read(const catalog::Workspace &workspace);
    const OfWorkspace &of(int workspace);

    std::optional<int> version_; // of the model
    std::map<int, OfWorkspace> workspaces_;
};

} // namespace datasurface::reconcile
