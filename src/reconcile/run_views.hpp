// Private to reconcile: the views of sinks.
#pragma once

#include <map>
#include <optional>
#include <string>

#include "catalog/store.hpp"
#include "catalog/workspace.hpp"
#include "model/types.hpp"
#include "pg/type.hpp"
#include "reconcile/attempt.hpp"
#include "rights/facts.hpp"

namespace datasurface::reconcile {

// What is known of the stores that a workspace reads.
struct Sources {
    struct Found {
        catalog::Store store; // id 0: there is none
        rights::Source source;
        std::optional<rights::Refusal> refusal;
    };
    std::map<std::string, Found> by_store;
};

// Creates or replaces the views of one sink.
void reconcile_sink(Results &results, Sources &sources, const catalog::Workspace &workspace, const model::Sink &sink,
                    pg::TypeCache &types);

} // namespace datasurface::reconcile
