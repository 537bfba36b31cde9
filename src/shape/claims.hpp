// The names that a model claims in its schemas. No name may be claimed twice: two objects would share a table.
#pragma once

#include <string>
#include <vector>

#include "base/interrupts.hpp"
#include "model/types.hpp"
#include "sqltext/sqltext.hpp"

namespace datasurface::shape {

struct Claim {
    sqltext::Qualified name;
    bool function = false; // functions have a namespace of their own
    std::string holder;    // the dataset or workspace that must own an existing relation of this name
    std::string claimant;  // the dataset or sink that claims it, for messages
    std::string pointer;   // into the document; empty when the claim comes from the rest of the model
    bool reserved = false; // for a view of a live dataset, in case it becomes milestoned
};

// As holders are written.
std::string holder_dataset(const std::string &store, const std::string &dataset);
std::string holder_workspace(const std::string &workspace);

// rest: the rest of the model. Its sinks and datasets claim nothing here.
std::vector<Claim> claims(const model::Model &model, CheckInterrupts check_interrupts = never_interrupted,
                          const model::Model &rest = {});

// Problems point into the document. kept: the rest of the model.
model::Problems check_claims(const std::vector<Claim> &document, const std::vector<Claim> &kept,
                             CheckInterrupts check_interrupts = never_interrupted);

} // namespace datasurface::shape
