#include "model/lint_workspace.hpp"

#include <map>
#include <set>
#include <string_view>

#include "base/text.hpp"
#include "model/former_names.hpp"
#include "model/lint_access.hpp"
#include "model/lint_names.hpp"
#include "model/view_names.hpp"

namespace datasurface::model {

namespace {

// made: the name of a sink that gives none, which has no member "name" to point at
void lint_sink(const Sink &sink, const std::string &made, const Pointer &at, Distinct &views, Report &report)
{
    Pointer const name_at = at / (sink.name == made ? "dataset" : "name");
    if (sink.name != sink.dataset)
        lint_name(sink.name, name_at, "a sink", longest_name, report);
    views.add(sink.name, name_at, report, "Sinks of a workspace share its schema; give this one another \"name\".");
}

// By name; empty when it is unknown which columns the dataset has.
std::set<std::string_view> columns_of(const Dataset *dataset)
{
    std::set<std::string_view> known;
    if (dataset == nullptr || dataset->columns.size() > most_columns)
        return known;
    for (const Column &column : dataset->columns)
        known.insert(column.name);
    if (known.contains(""))
        known.clear();
    return known;
}

void lint_columns(const Sink &sink, const Dataset *dataset, const Pointer &at, Report &report)
{
    std::set<std::string_view> const known = columns_of(dataset);
    std::set<std::string_view> seen;
    Distinct names("a column of the view");
    for (std::size_t i = 0; i < sink.columns().size() && !report.full(); ++i) {
        const SinkColumn &column = sink.columns()[i];
        if (column.column.empty())
            continue; // told by the reader
        bool const is_unknown = !known.empty() && !known.contains(column.column);
        lint_name(column.name(), at / i, "a column", longest_identifier, report);
        if (!seen.insert(column.column).second)
            report.error(at / i, "duplicate_column", "column " + shown(column.column) + " is named twice");
        else if (is_unknown)
            report.error(at / i, "unknown_column",
                         "dataset " + shown(sink.dataset) + " has no column " + shown(column.column),
                         hint_for_column(column.column, *dataset, report));
        else
            names.add(column.name(), at / i, report);
        if ((column.as || !is_unknown) && column.name().starts_with("ds_surf_"))
            report.error(at / i, "reserved_column",
                         "names that begin with \"ds_surf_\" are reserved: " + shown(column.name()),
                         "Choose another name.");
    }
}

} // namespace

void lint_workspace(const Workspace &workspace, const Known &known, const Pointer &at, Report &report,
                    CheckInterrupts check_interrupts)
{
    lint_housing({workspace.name, workspace.schema, workspace.owner}, at, "a workspace", report);
    lint_roles(workspace.readers(), at / "readers", "a reader", report);
    std::string const fault = fault_of_view_names(workspace.view_names());
    std::string_view const names = fault.empty() ? std::string_view(workspace.view_names()) : "";
    lint_name(workspace.view_names(), at / "view_names", "the views", longest_identifier, report);
    if (!fault.empty() && workspace.view_names().size() <= longest_identifier)
        report.error(at / "view_names", "unknown_placeholder", "the names of views could not be read: " + fault,
                     "Placeholders are {store}, {group} and {dataset}.");
    Distinct groups("a group");
    Distinct views("a sink");
    for (std::size_t i = 0; i < workspace.groups.size(); ++i) {
        const Group &group = workspace.groups[i];
        Pointer const group_at = at / "groups" / i;
        lint_name(group.name, group_at / "name", "a group", longest_name, report);
        groups.add(group.name, group_at / "name", report);
        for (std::size_t k = 0; k < group.sinks.size() && !report.full(); ++k) {
            check_interrupts();
            Pointer const sink_at = group_at / "sinks" / k;
            lint_sink(group.sinks[k], view_name(names, group, group.sinks[k]), sink_at, views, report);
            known.lint_reference(group.sinks[k], sink_at, report);
            if (!group.sinks[k].columns().empty())
                lint_columns(group.sinks[k], known.find(group.sinks[k]), sink_at / "columns", report);
        }
    }
}

} // namespace datasurface::model
