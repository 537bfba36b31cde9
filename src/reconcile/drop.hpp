// Drops the tables of a dataset that has left the model, and forgets it. Reconcile itself never does.
#pragma once

#include <string>
#include <vector>

#include "reconcile/run.hpp"

namespace datasurface::reconcile {

// confirm: store.dataset. Returns the statements that were executed.
//
// Throws 22023 when confirm is something else, SF010 when there is no such dataset, 55006 when it is in the model, 42501 when the
// caller may not reconcile the store, SF013 when an open batch has rows of it, 55P03 when a table or stream is busy, and what
// change::drop_dataset throws.
std::vector<Result> drop(const std::string &caller, const std::string &store, const std::string &dataset,
                         const std::string &confirm);

} // namespace datasurface::reconcile
