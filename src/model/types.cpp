#include "model/types.hpp"

#include <algorithm>

namespace datasurface::model {

bool is_key(const Dataset &dataset, std::string_view column)
{
    return std::find(dataset.primary_key.begin(), dataset.primary_key.end(), column) != dataset.primary_key.end();
}

bool has_errors(const Problems &problems)
{
    return std::any_of(problems.begin(), problems.end(),
                       [](const Problem &problem) { return problem.severity == Severity::error; });
}

std::string_view word(Consistency value)
{
    return value == Consistency::single ? "single" : "multi";
}

std::string_view word(Ingestion value)
{
    return value == Ingestion::push ? "push" : "sql_snapshot";
}

std::string_view word(Milestoning value)
{
    return value == Milestoning::live ? "live" : "milestoned";
}

std::string_view word(DuplicateKeys value)
{
    return value == DuplicateKeys::error ? "error" : "last";
}

std::string_view word(Severity value)
{
    return value == Severity::error ? "error" : "warning";
}

} // namespace datasurface::model
