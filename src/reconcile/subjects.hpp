// Private to reconcile: what a caller may reconcile.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "catalog/relation.hpp"
#include "catalog/store.hpp"
#include "catalog/workspace.hpp"
#include "model/types.hpp"

namespace datasurface::reconcile {

// store: this one alone; throws 42501 when the caller may not reconcile it, SF010 when the model has no such store.
std::vector<catalog::Store> permitted_stores(const std::string &caller, const std::optional<std::string> &store);

// A workspace, and those of its sinks whose views the caller may make.
struct PermittedViews {
    catalog::Workspace workspace;
    std::string description;
    std::vector<model::Sink> sinks;
    model::Roles readers = {};
    bool has_left = false; // the model
};

// Also of workspaces that have left the model, if readers of theirs are recorded; without a store only. store: only sinks on this store
std::vector<PermittedViews> permitted_views(const std::string &caller, const std::optional<std::string> &store);

// A view that no sink of its workspace is for any more, or whose workspace left the model.
struct LeftoverView {
    catalog::Workspace workspace;
    catalog::Relation record;
    std::string store;
    std::string dataset;
};

// store: only those that show datasets of this store
std::vector<LeftoverView> permitted_leftovers(const std::string &caller, const std::optional<std::string> &store);

} // namespace datasurface::reconcile
