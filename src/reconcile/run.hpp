// Makes the database what the model wants. Each dataset and each view is done whole or not at all, and one that fails
// does not keep the others from being done.
#pragma once

#include <optional>
#include <string>
#include <vector>

namespace datasurface::reconcile {

struct Result {
    std::string object;
    std::string action; // create, alter, replace, comment, failed
    std::string statement;
    std::string error; // SQLSTATE and message
};

// caller: the role in whose name schemas are created. store: only that one and the views of its datasets.
std::vector<Result> run(const std::string &caller, const std::optional<std::string> &store);

} // namespace datasurface::reconcile
