// Private to reconcile: what the plan of a sink's views decides by.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "catalog/dataset.hpp"
#include "catalog/store.hpp"
#include "catalog/workspace.hpp"
#include "model/types.hpp"
#include "pg/type.hpp"
#include "reconcile/plan.hpp"
#include "rights/facts.hpp"
#include "shape/tables.hpp"

namespace datasurface::reconcile {

// A workspace and the stores that it reads, for one call. They are read once, however many sinks there are, and again only when
// another model was loaded meanwhile.
class Sources {
public:
    struct Source {
        catalog::Store store; // id 0: there is none
        rights::Source seen;
        std::optional<rights::Refusal> refusal;
    };

    // version: of the model, read before the workspace
    Sources(const catalog::Workspace &workspace, std::optional<int> version);

    const catalog::Workspace &workspace() const { return workspace_; }
    const Source &find(const std::string &store);

    // To be called under the lock of a dataset of that store: asks again who may read it. Throws 55P03 when the workspace was changed
    // since.
    void look_again(const std::string &store);

private:
    std::optional<rights::Refusal> refusal_of(const Source &source) const;

    const catalog::Workspace &workspace_;
    std::optional<int> version_;
    std::map<std::string, Source> by_store_;
};

struct ActualSink {
    catalog::Store store;
    catalog::Dataset dataset;
    rights::Source seen;
    shape::Shape shape;      // columns in the order of the tables
    bool has_tables = false; // as the model wants them
    Actual actual;           // under the names of its views
};

// Throws SF004 for a sink whose dataset left the model, and for a view of ours that somebody changed; 42501 when the workspace may
// not read the store; SF003 when a table is missing, for nothing can be said of a view then.
ActualSink inspect_sink(Sources &sources, const model::Sink &sink, pg::TypeCache &types);

// Which of the rights to make a view in a schema a role lacks.
std::vector<std::string> lacking_rights(const std::string &role, const std::string &schema);

} // namespace datasurface::reconcile
