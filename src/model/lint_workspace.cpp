#include "model/lint_workspace.hpp"

#include "model/lint_names.hpp"

namespace datasurface::model {

namespace {

void lint_sink(const Sink &sink, const Pointer &at, Distinct &views, Report &report)
{
    // a sink named after its dataset has no member "name" to point at
    Pointer const name_at = at / (sink.name == sink.dataset ? "dataset" : "name");
    if (sink.name != sink.dataset)
        lint_name(sink.name, name_at, "a sink", longest_name, report);
    views.add(sink.name, name_at, report, "Sinks of a workspace share its schema; give this one another \"name\".");
}

} // namespace

void lint_workspace(const Workspace &workspace, const Known &known, const Pointer &at, Report &report,
                    CheckInterrupts check_interrupts)
{
    lint_housing({workspace.name, workspace.schema, workspace.owner}, at, "a workspace", report);
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
            lint_sink(group.sinks[k], sink_at, views, report);
            known.lint_reference(group.sinks[k], sink_at, report);
        }
    }
}

} // namespace datasurface::model
