// Which names in which schemas a model lays claim to. No name may be claimed twice: two objects would share a table.
#pragma once

#include <string>
#include <vector>

#include "base/interrupts.hpp"
#include "model/types.hpp"
#include "sqltext/sqltext.hpp"

namespace datasurface::shape {

struct Claim {
    sqltext::Qualified name;
    bool function = false; // functions have a name space of their own
    std::string holder;    // whose relation it must be where one exists: a dataset, or a workspace
    std::string claimant;  // what claims it, for messages: a dataset, or a sink
    std::string pointer;   // into the document; empty when the claim is not the document's
    bool reserved = false; // for a view of a live dataset, should it become milestoned
};

// rest: of the model; its sinks and datasets lay claim to nothing here.
std::vector<Claim> claims(const model::Model &model, CheckInterrupts check_interrupts = never_interrupted,
                          const model::Model &rest = {});

// Problems point into document; kept is the rest of the model.
model::Problems check_claims(const std::vector<Claim> &document, const std::vector<Claim> &kept,
                             CheckInterrupts check_interrupts = never_interrupted);

} // namespace datasurface::shape
