#include "model/lint_parts.hpp"
#include "model/text.hpp"

namespace datasurface::model {

namespace {

void lint_roles(const Roles &roles, const Pointer &at, std::string_view what, Report &report)
{
    std::set<std::string_view> seen;
    for (std::size_t i = 0; i < roles.size() && !report.full(); ++i) {
        lint_name(roles[i], at / i, what, longest_identifier, report);
        if (!roles[i].empty() && !seen.insert(roles[i]).second)
            report.error(at / i, "duplicate_role", "role " + shown(roles[i]) + " is listed twice");
    }
}

} // namespace

// Only a warning: the workspace may have left the model. Where a name could not be read (it is empty), it may be the one that
// is looked for.
void Known::lint_reference(const Consumer &consumer, const Pointer &at, Report &report) const
{
    if (consumer.workspace.empty() || workspaces.contains(consumer.workspace) || workspaces.contains(""))
        return;
    std::vector<std::string_view> names;
    if (report.still_hints())
        names.assign(workspaces.begin(), workspaces.end());
    std::string const hint = report.perhaps(consumer.workspace, names);
    report.warning(at / "workspace", "unknown_workspace", "there is no workspace " + shown(consumer.workspace),
                   hint.empty() ? "Nothing reads the store by this entry." : hint);
}

void lint_access(const Access &access, const Known &known, const Pointer &at, Report &report)
{
    lint_roles(access.operators, at / "operators", "an operator", report);
    if (!access.consumers)
        return;
    std::set<std::string_view> seen;
    for (std::size_t i = 0; i < access.consumers->size() && !report.full(); ++i) {
        const Consumer &consumer = (*access.consumers)[i];
        Pointer const consumer_at = at / "consumers" / i;
        lint_name(consumer.workspace, consumer_at / "workspace", "a workspace", longest_name, report);
        known.lint_reference(consumer, consumer_at, report);
        if (!consumer.workspace.empty() && !seen.insert(consumer.workspace).second)
            report.error(consumer_at / "workspace", "duplicate_consumer",
                         "workspace " + shown(consumer.workspace) + " is listed twice",
                         "Name all its readers in one entry.");
        if (consumer.readers)
            lint_roles(*consumer.readers, consumer_at / "readers", "a reader", report);
    }
}

} // namespace datasurface::model
