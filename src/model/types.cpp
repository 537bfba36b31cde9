#include "model/types.hpp"

#include <algorithm>

namespace datasurface::model {

namespace {

const SinkPart &whole()
{
    static const SinkPart *const part = new SinkPart;
    return *part;
}

const AllViews &nothing_said()
{
    static const AllViews *const views = new AllViews;
    return *views;
}

} // namespace

const Roles &Workspace::readers() const
{
    return (all_views ? *all_views : nothing_said()).readers;
}

const std::string &Workspace::view_names() const
{
    return (all_views ? *all_views : nothing_said()).view_names;
}

const std::vector<SinkColumn> &Sink::columns() const
{
    return (part ? *part : whole()).columns;
}

const std::string &Sink::where() const
{
    return (part ? *part : whole()).where;
}

bool is_key(const Dataset &dataset, std::string_view column)
{
    return std::find(dataset.primary_key.begin(), dataset.primary_key.end(), column) != dataset.primary_key.end();
}

bool stages_deletes(const Dataset &dataset)
{
    bool const is_delta = dataset.ingestion == Ingestion::push && dataset.rows == PushedRows::delta;
    return is_delta || (dataset.watermark && !dataset.watermark->deleted_when.empty());
}

bool has_errors(const Problems &problems)
{
    return std::any_of(problems.begin(), problems.end(),
                       [](const Problem &problem) { return problem.severity == Severity::error; });
}

} // namespace datasurface::model
