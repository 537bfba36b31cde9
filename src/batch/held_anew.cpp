#include "batch/held_anew.hpp"

#include "batch/inspect.hpp"
#include "batch/refuse.hpp"
#include "pg/report.hpp"

namespace datasurface::batch {

namespace {

std::string figures(const merge::Result &result)
{
    return std::to_string(result.inserted) + " inserted, " + std::to_string(result.updated) + " updated, " +
           std::to_string(result.deleted) + " deleted";
}

bool same_figures(const merge::Result &one, const merge::Result &other)
{
    return figures(one) == figures(other);
}

// Of a dataset whose changes are others. The same number of rows may have other values.
std::string difference(const merge::Result &held, const merge::Result &found)
{
    if (same_figures(held, found))
        return figures(found) + ", as were held, but of other values";
    return "held were " + figures(held) + "; found were " + figures(found);
}

std::string differences(const Work &work)
{
    RecordsByDataset const held = records_by_dataset(work.held);
    std::string lines;
    for (std::size_t i = 0; i < work.records.size(); ++i) {
        const catalog::BatchDataset &found = work.records[i];
        const catalog::BatchDataset &before = *held.at(found.dataset_id);
        if (!same_changes(before, found))
            lines +=
                "Dataset \"" + work.members[i].row.name + "\": " + difference(*before.result, *found.result) + ".\n";
    }
    return lines;
}

std::string broken_rules(const Work &work)
{
    std::string lines;
    for (const catalog::Finding &finding : work.findings)
        if (finding.action == model::Action::hold && finding.kind != catalog::RuleKind::release)
            lines += (lines.empty() ? "" : "\n") + in_words(finding);
    return lines.empty() ? "No rule stops these changes. They are held because nobody has looked at them." : lines;
}

} // namespace

void warn_of_held_anew(const Work &work)
{
    std::string const title = batch_title(work.stream.name, work.batch.id) + " is held anew: ";
    std::string const changes = differences(work);
    std::string const hint = decision_hint(work.stream.name, work.batch.id, work.findings);
    if (changes.empty())
        pg::warn(title +
                     "its changes are those that were held, but they break a reference that could not be asked before",
                 hint, broken_rules(work));
    else if (work.facts.started_over)
        pg::warn(title + "its staged rows were lost, and the rows that were pulled again are not those that were held",
                 hint, changes + broken_rules(work));
    else
        pg::warn(title + "its changes are not those that were held", hint, changes + broken_rules(work));
}

} // namespace datasurface::batch
