// Changes the database to match the model. Each dataset and each view is changed completely or not at all. One that fails
// does not stop the others.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "reconcile/plan.hpp"

namespace datasurface::reconcile {

struct Result {
    std::string object;
    Action action = Action::failed;
    std::string statement;
    std::string error; // SQLSTATE and message
    std::string detail;
    std::string hint;
};

// Reconciles what the caller may reconcile. store: only this store and the views of its datasets; throws 42501 when the caller
// may not reconcile it.
std::vector<Result> run(const std::string &caller, const std::optional<std::string> &store);

} // namespace datasurface::reconcile
