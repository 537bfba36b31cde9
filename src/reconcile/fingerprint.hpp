// Private to reconcile: a digest of what is planned for an object. Two plans with the same digest execute the same statements.
#pragma once

#include <string>
#include <vector>

#include "base/error.hpp"
#include "change/step.hpp"

namespace datasurface::reconcile {

// Sizes, which change with the rows, and reasons are left out; records without a statement, too.
std::string fingerprint(const std::string &object, const std::vector<change::Step> &steps);
std::string fingerprint(const std::string &object, const Error &error);

} // namespace datasurface::reconcile
