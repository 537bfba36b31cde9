// Hints for references by a name that the document itself calls a former one, by "was".
#pragma once

#include <string>
#include <string_view>

#include "model/report.hpp"
#include "model/types.hpp"

namespace datasurface::model {

// The name of the entry of a list, such as the columns of a dataset, that had the other one; empty: none had it.
template <typename Entries>
std::string_view name_now(const Entries &entries, std::string_view former)
{
    for (const auto &entry : entries)
        if (entry.was && *entry.was == former)
            return entry.name;
    return {};
}

// name: that something has now
std::string has_another_name(std::string_view name);

// For a column that the dataset does not have: the name that it has now, or one that is like it.
std::string hint_for_column(const std::string &name, const Dataset &dataset, Report &report);

} // namespace datasurface::model
