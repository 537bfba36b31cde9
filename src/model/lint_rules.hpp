// Private to lint: the brakes, checks and references of a store's datasets.
#pragma once

#include <map>
#include <set>
#include <string_view>

#include "model/report.hpp"
#include "model/types.hpp"

namespace datasurface::model {

// What a dataset says itself. What an outer level says is left out where it makes no sense.
void lint_braking(const Dataset &dataset, Consistency consistency, const Pointer &at, Report &report);

class RuleLint {
public:
    RuleLint(const Store &store, Report &report);

    void lint(const Dataset &dataset, const Pointer &at);

private:
    using Columns = std::set<std::string_view>;

    const Columns &columns_of(const Dataset &dataset);
    void lint_columns(const std::vector<std::string> &names, const Dataset &dataset, const Pointer &at);
    void lint_reference(const Reference &reference, const Dataset &dataset, const Pointer &at);
    void report_unknown_dataset(const std::string &name, const Pointer &at);

    const Store &store;
    Report &report;
    std::map<std::string_view, const Dataset *> datasets;
    std::map<const Dataset *, Columns> columns; // made when needed
};

} // namespace datasurface::model
