#pragma once

#include <string>

#include "model/rules.hpp"

namespace datasurface::shape {

// The condition as it may stand in a statement, wherever an expression may. The line break ends a comment.
std::string condition_sql(const std::string &condition);
std::string condition_sql(const model::Check &check);

} // namespace datasurface::shape
