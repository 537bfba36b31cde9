// A dataset that has left the model: everything that we made for it is dropped.
#pragma once

#include <string>
#include <vector>

#include "change/actual.hpp"
#include "change/step.hpp"

namespace datasurface::change {

struct Dropped {
    shape::RelationKind kind = shape::RelationKind::merge;
    Object object;
    std::string role = {}; // that drops it: the owner of a table, the owner of the schema of a view
};

struct DropStep {
    Step step;
    std::string role;
};

// title: of the dataset, for messages. dependents: objects of others that depend on one of these. What no longer exists needs no step;
// keys, indexes and sequences go with their tables. Throws 2BP01 when there are dependents, SF004 when something else has the name of an
// object that we made.
std::vector<DropStep> drop_dataset(const std::string &title, const std::vector<Dropped> &objects,
                                   const std::vector<std::string> &dependents);

} // namespace datasurface::change
