#include "shape/condition.hpp"

namespace datasurface::shape {

std::string condition_sql(const std::string &condition)
{
    return "(" + condition + "\n)";
}

std::string condition_sql(const model::Check &check)
{
    return condition_sql(check.condition);
}

} // namespace datasurface::shape
