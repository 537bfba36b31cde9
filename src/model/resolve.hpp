// Private to the model: gives each dataset what it does not say itself: what its store says, or the model, or what is built in.
#pragma once

#include "model/types.hpp"

namespace datasurface::model {

// Null: it says nothing.
struct Outer {
    const Rules *model = nullptr;
    const Rules *store = nullptr;
};

void resolve(Store &store, const Outer &outer);
// Of a dataset of this kind, if nothing is said of it.
Rules built_in_rules(const Dataset &dataset);

void resolve(Dataset &dataset); // as if the model and the store said nothing

} // namespace datasurface::model
