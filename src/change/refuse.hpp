// What no step can bring about.
#pragma once

#include <string>

#include "change/actual.hpp"
#include "sqltext/sqltext.hpp"

namespace datasurface::change {

// Throws SF004 when somebody else changed or recreated an object that we made.
void require_as_made(const Object &made, const std::string &object);

// Throws SF004: a table differs from the model in a way that reconcile does not change.
[[noreturn]] void refuse_difference(const sqltext::Qualified &table, const std::string &what);

// Throws 42P07: an object of somebody else has the name.
[[noreturn]] void refuse_taken(const sqltext::Qualified &name,
                               const std::string &hint = "Rename it, or rename the dataset or sink in the model.");

} // namespace datasurface::change
