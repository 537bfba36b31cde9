// The plan of everything that reconcile would do if every class of steps were allowed. Nothing is changed, and no lock is kept.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "base/error.hpp"
#include "change/step.hpp"
#include "change/tables.hpp"

namespace datasurface::reconcile {

// What is changed together: a schema, the tables of a dataset, or the views of a sink.
struct ShownObject {
    std::string object;
    std::vector<change::Step> steps;
    std::optional<Error> error; // why nothing can be planned
    std::string fingerprint;    // digest of what is planned
};

// A dataset that has left the model, and whose tables are there.
struct ShownOrphan {
    std::string object; // one of its tables
    std::string reason;
    std::int64_t bytes = 0; // of all of them
};

struct Shown {
    std::vector<ShownOrphan> orphans; // nothing is done about them
    std::string fingerprint;          // digest of all objects; empty if there is nothing to do
};

// Gets the objects in the order in which reconcile goes, each as it is planned, so that a large plan is never in memory as a whole. Those
// with nothing to do are left out.
using Receive = std::function<void(const ShownObject &)>;

// caller, store: as for run. allowed: of the tables, to see what a call leaves that does not allow everything.
Shown show(const std::string &caller, const std::optional<std::string> &store, const change::Allowed &allowed,
           const Receive &receive);

} // namespace datasurface::reconcile
