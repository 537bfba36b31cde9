// Private to reconcile: does what a plan says.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "reconcile/attempt.hpp"
#include "reconcile/plan.hpp"

namespace datasurface::reconcile {

// What the steps are about, and in whose names they are done.
struct Target {
    int dataset = 0;
    std::optional<int> workspace;
    std::string store_owner;
    std::string workspace_owner;
};

// Executes the steps and records what became ours, or no longer is.
void run_steps(Results &results, const Target &target, const std::vector<Step> &steps);

// Runs one DDL statement in a role's name.
void execute_step(Results &results, const std::string &role, const Step &step);

} // namespace datasurface::reconcile
