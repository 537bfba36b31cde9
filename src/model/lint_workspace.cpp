#include "model/lint_parts.hpp"
#include "model/text.hpp"

namespace datasurface::model {

namespace {

void lint_sink(const Sink &sink, const Pointer &at, Distinct &views, Report &report)
{
    // named after its dataset, it has no name of its own to point at
    Pointer const name_at = at / (sink.name == sink.dataset ? "dataset" : "name");
    if (sink.name != sink.dataset)
        lint_name(sink.name, name_at, "a sink", longest_name, report);
    views.add(sink.name, name_at, report, "Sinks of a workspace share its schema; give this one another \"name\".");
}

} // namespace

Known::Known(const Model &document, const Model &kept)
{
    take(document);
    take(kept);
}

void Known::take(const Model &model)
{
    for (const Store &store : model.stores) {
        std::set<std::string_view> &names = datasets[store.name];
        for (const Dataset &dataset : store.datasets)
            names.insert(dataset.name);
    }
    for (const Workspace &workspace : model.workspaces)
        workspaces.insert(workspace.name);
}

// Where a name could not be read (it is empty), it may be the one that is looked for.
void Known::lint_reference(const Sink &sink, const Pointer &at, Report &report) const
{
    if (sink.store.empty())
        return;
    auto const found = datasets.find(sink.store);
    if (found == datasets.end()) {
        if (datasets.contains(""))
            return;
        std::vector<std::string_view> names;
        for (const auto &[name, unused] : datasets) {
            if (report.still_hints())
                names.push_back(name);
        }
        report.error(at / "store", "unknown_store", "there is no store " + shown(sink.store),
                     report.perhaps(sink.store, names));
        return;
    }
    const std::set<std::string_view> &names = found->second;
    if (sink.dataset.empty() || names.contains(sink.dataset) || names.contains(""))
        return;
    std::vector<std::string_view> candidates;
    if (report.still_hints())
        candidates.assign(names.begin(), names.end());
    report.error(at / "dataset", "unknown_dataset",
                 "store " + shown(sink.store) + " has no dataset " + shown(sink.dataset),
                 report.perhaps(sink.dataset, candidates));
}

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
