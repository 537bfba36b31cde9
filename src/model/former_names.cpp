#include "model/former_names.hpp"

#include <vector>

#include "base/text.hpp"

namespace datasurface::model {

std::string has_another_name(std::string_view name)
{
    return "By \"was\" it is " + shown(name) + " now.";
}

std::string hint_for_column(const std::string &name, const Dataset &dataset, Report &report)
{
    if (std::string_view const now = name_now(dataset.columns, name); !now.empty())
        return has_another_name(now);
    std::vector<std::string_view> candidates;
    if (report.still_hints())
        for (const Column &column : dataset.columns)
            candidates.push_back(column.name);
    return report.perhaps(name, candidates);
}

} // namespace datasurface::model
