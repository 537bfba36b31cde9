// Which views of a workspace belong to which of its sinks, where sinks have other names now.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "shape/relation_kind.hpp"

namespace datasurface::reconcile {

// A view of the workspace, by our records; or one that a sink wants.
struct NamedView {
    shape::RelationKind kind;
    std::string name;
    int dataset = 0; // that it shows, or that the sink names; 0: unknown

    auto operator<=>(const NamedView &) const = default;
};

struct RenamedViews {
    std::map<NamedView, std::string> former; // of a wanted view that has another name now: that name
    std::vector<NamedView> leftover;         // that no sink is for
};

// A view whose name no sink wants is that of a sink whose view is not there, if it is the only one of its dataset, and that sink too. wanted:
// by name; the dataset may be 0 where the name is among the records.
RenamedViews plan_view_names(const std::vector<NamedView> &records, const std::vector<NamedView> &wanted);

} // namespace datasurface::reconcile
