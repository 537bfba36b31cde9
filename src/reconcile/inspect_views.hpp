// Private to reconcile: reads the facts for the plan of a sink's views.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "catalog/dataset.hpp"
#include "catalog/relation.hpp"
#include "catalog/store.hpp"
#include "catalog/workspace.hpp"
#include "model/types.hpp"
#include "pg/type.hpp"
#include "reconcile/plan_views.hpp"
#include "rights/facts.hpp"
#include "shape/tables.hpp"

namespace datasurface::reconcile {

// A workspace and the stores that it reads, for one call. Each is read once, for all sinks, and again only when another model
// was loaded meanwhile.
class SeenStores {
public:
    struct Seen {
        catalog::Store store; // id 0: it does not exist
        rights::SeenStore access;
        std::optional<rights::Refusal> refusal;
    };

    // readers: of the workspace. version: of the model, read before the workspace
    SeenStores(const catalog::Workspace &workspace, const model::Roles &readers, std::optional<int> version);

    const catalog::Workspace &workspace() const { return workspace_; }
    const Seen &find(const std::string &store);

    // The readers of the workspace that a store admits.
    std::vector<change::Reader> readers_of(const rights::SeenStore &store) const;

    // Checks again who may read the store. Call it while a dataset of the store is locked. Throws 55P03 when the workspace was
    // changed meanwhile.
    void check_again(const std::string &store);

    // Its views in other schemas: those that it had before it got another.
    const std::vector<catalog::Relation> &views_elsewhere();

    // The name that a view of a sink has, where the sink had another one; empty: it had none.
    std::string former_name(shape::RelationKind kind, const std::string &name);

private:
    std::optional<rights::Refusal> refusal_of(const Seen &seen) const;
    void read_views();

    const catalog::Workspace &workspace_;
    std::vector<change::Reader> readers_;
    std::optional<int> version_;
    std::map<std::string, Seen> by_store_;
    std::optional<std::vector<catalog::Relation>> elsewhere_;
    std::map<std::pair<shape::RelationKind, std::string>, std::string> former_;
};

struct ActualSink {
    catalog::Store store;
    catalog::Dataset dataset;
    rights::SeenStore access;
    shape::Shape shape;      // of the tables as they are, with their names and owner; columns in their order
    bool milestoned = false; // in the model
    bool has_tables = false; // with all that its views are to show
    std::vector<change::WantedView> wanted;
    ActualViews actual; // existing objects under the names of its views
};

// Throws SF004 for a sink whose dataset left the model, and for a view of ours that somebody changed; 42501 when the workspace may not
// read the store; SF003 when a table or a column is missing.
// tables: as they will be when the views are changed; nullptr: as they are.
ActualSink inspect_sink(SeenStores &stores, const model::Sink &sink, const shape::Shape *tables, pg::TypeCache &types);

// The views of a workspace that are recorded for the sink, under the names that they have now.
std::vector<catalog::Relation> records_of_sink(SeenStores &stores, const model::Sink &sink);

// A view by our record. made_columns: of the dataset that it shows, by id.
change::ActualView inspect_view(const catalog::Relation &record, const std::map<int, std::string> &made_columns);

// Reads what must be known of a view that may be dropped.
void inspect_around(change::ActualView &view);

} // namespace datasurface::reconcile
