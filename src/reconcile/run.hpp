// Makes the database what the model wants. Each dataset and each view is done whole or not at all, and one that fails
// does not keep the others from being done.
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

// Does what the caller may ask for, and leaves the rest alone. store: only that one and the views of its datasets; throws 42501
// when the caller may not reconcile it.
std::vector<Result> run(const std::string &caller, const std::optional<std::string> &store);

} // namespace datasurface::reconcile
