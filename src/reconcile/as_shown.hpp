// Private to reconcile: a call that was given a plan takes no step that the plan does not show.
#pragma once

#include <array>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "reconcile/attempt.hpp"
#include "reconcile/show.hpp"

namespace datasurface::reconcile {

class AsShown {
public:
    // plan: the fingerprint that show answered. Throws SF004 when there is something to do now and the plan is another one; 22023 when it
    // can be none. caller, store, allowed: as for run
    AsShown(const std::string &caller, const std::optional<std::string> &store, const change::Allowed &allowed,
            const std::string &plan);

    // Makes the tasks fail with SF004, and so undo what they did, when they took a step that the plan does not have. The check is made
    // behind the steps: by then everything that they depend on is locked.
    void bind(std::vector<Task> &tasks) const;

private:
    void add(const ShownObject &object);
    void require_shown(const Results &results) const;

    bool whole_;                                 // everything is allowed
    std::set<std::array<std::string, 4>> steps_; // object, action, statement and class
};

} // namespace datasurface::reconcile
