// Private to reconcile: executes the steps of a plan.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "change/step.hpp"
#include "reconcile/attempt.hpp"

namespace datasurface::reconcile {

// What the steps change, and the roles that execute them.
struct Target {
    int dataset = 0;
    std::optional<int> workspace;
    std::string store_owner;
    std::string workspace_owner;
    std::string loader = {}; // a member of the owner before and after
};

// Executes the steps, and records the objects that they make or drop.
void run_steps(Results &results, const Target &target, const std::vector<change::Step> &steps);

// Runs one DDL statement as a role.
void execute_step(Results &results, const std::string &role, const change::Step &step);

// Adds steps that are not executed to the results: that wait for being allowed, or for the transaction's end.
void report_waiting(Results &results, const std::vector<change::Step> &steps);
void report_later(Results &results, const std::vector<change::Step> &steps);

} // namespace datasurface::reconcile
