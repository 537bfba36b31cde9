#include "shape/condition.hpp"

namespace datasurface::shape {

std::string condition_sql(const model::Check &check)
{
    return "(" + check.condition + "\n)";
}

} // namespace datasurface::shape
