// Private to reconcile: executes the steps of a plan.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "reconcile/attempt.hpp"
#include "reconcile/plan.hpp"

namespace datasurface::reconcile {

// What the steps change, and the roles that execute them.
struct Target {
    int dataset = 0;
    std::optional<int> workspace;
    std::string store_owner;
    std::string workspace_owner;
};

// Executes the steps, and records the objects that they make or drop.
void run_steps(Results &results, const Target &target, const std::vector<Step> &steps);

// Runs one DDL statement as a role.
void execute_step(Results &results, const std::string &role, const Step &step);

} // namespace datasurface::reconcile
