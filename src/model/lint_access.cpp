#include "model/lint_access.hpp"

#include <set>

#include "base/text.hpp"
#include "model/lint_names.hpp"

namespace datasurface::model {

void lint_roles(const Roles &roles, const Pointer &at, std::string_view what, Report &report)
{
    std::set<std::string_view> seen;
    for (std::size_t i = 0; i < roles.size() && !report.full(); ++i) {
        lint_name(roles[i], at / i, what, longest_identifier, report);
        if (!roles[i].empty() && !seen.insert(roles[i]).second)
            report.error(at / i, "duplicate_role", "role " + shown(roles[i]) + " is listed twice");
    }
}

void lint_access(const Access &access, const Known &known, const Pointer &at, Report &report)
{
    lint_roles(access.operators, at / "operators", "an operator", report);
    if (access.release)
        lint_roles(*access.release, at / "release", "a role that decides", report);
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
