#include "batch/run_id.hpp"

#include "base/error.hpp"
#include "base/sqlstate.hpp"
#include "base/text.hpp"
#include "batch/steps.hpp"
#include "pg/session.hpp"
#include "rights/facts.hpp"

namespace datasurface::batch {

namespace {

using catalog::BatchState;

constexpr std::size_t longest_run_id = 255; // bytes of UTF-8; an index holds it
constexpr std::size_t longest_cause = 200;  // bytes of the error of another call

std::string call_of(const std::string &function, const std::vector<std::string> &arguments)
{
    return function + "(" + sqltext::join(arguments, ", ") + ")";
}

std::string step_of(const Work &work, const catalog::Batch &batch, const std::string &function)
{
    return call_of(function, {sqltext::literal(work.stream.name), std::to_string(batch.id)});
}

std::string run_of(const Work &work, const std::vector<std::string> &runs)
{
    std::vector<std::string> arguments = {sqltext::literal(work.stream.name)};
    if (!runs.empty())
        arguments.push_back("run_id => " + sqltext::literal(runs.back()));
    return call_of("ds_run", arguments);
}

// It belongs to run "monday", was begun at 2026-11-20 12:00:00+00, and is ingested.
std::string whose(const catalog::Batch &batch, const std::vector<std::string> &runs)
{
    std::string const owner = runs.empty() ? "It has no run id" : "It belongs to run \"" + runs.back() + "\"";
    // times are pinned to GMT; fractions of a second say nothing here
    return owner + ", was begun at " + batch.started_at.substr(0, 19) + "+00, and is " +
           std::string(catalog::word(batch.state)) + ".";
}

// To be added to a DETAIL. The error may show values of rows, so it is for who may see it.
std::string why_failed(const Work &work, const catalog::Batch &batch)
{
    if (!batch.error || !rights::may(rights::Act::read_errors, pg::calling_role(), work.store))
        return "";
    return "\nIt failed with: " + cut(batch.error->message, longest_cause);
}

std::string how_to_go_on(const Work &work, const catalog::Batch &batch, bool pushed,
                         const std::vector<std::string> &runs)
{
    if (!pushed)
        return "Call ds_run: it takes the batch over, also under another run_id, and pulls its rows anew.";
    std::string const run = run_of(work, runs), reset = step_of(work, batch, "ds_reset_batch");
    if (batch.resume_state == BatchState::started)
        return "Fill its staging tables, seal it with " + step_of(work, batch, "ds_ingest") + ", and run it with " +
               run + ". " + reset + " removes what is staged already.";
    return "Run it with " + run + ". If its rows are not wanted, call " + reset + " first, and stage and seal others.";
}

// Whose rows they are is known by the run id: one run must not publish those of another.
void require_own(const Work &work, const catalog::Batch &open, const std::string &run_id)
{
    std::vector<std::string> const runs = catalog::runs_of_batch(open);
    if (runs.empty())
        return;
    throw Error(sqlstate::wrong_batch_state,
                batch_title(work.stream.name, open.id) + " is not that of run \"" + run_id + "\"",
                whose(open, runs) + why_failed(work, open), how_to_go_on(work, open, true, runs));
}

} // namespace

void check_run_id(const std::optional<std::string> &run_id)
{
    if (!run_id)
        return;
    if (is_blank(*run_id))
        throw Error(
            sqlstate::invalid_parameter_value, "the run_id must not be blank",
            "All calls with the same run_id mean the same batch, and an empty variable would always be the same.",
            "Give each run an id of its own, or leave run_id out.");
    if (run_id->find("{{") != std::string::npos || run_id->find("{%") != std::string::npos)
        throw Error(
            sqlstate::invalid_parameter_value, "the run_id is a template that was not rendered",
            "It is " + shown(*run_id) +
                ". All calls with the same run_id mean the same batch, and a template would always be the same.",
            "Pass it where the scheduler renders templates; in Airflow, in the parameters of an operator.");
    if (run_id->size() > longest_run_id)
        throw Error(sqlstate::invalid_parameter_value, "the run_id is too long",
                    "It has " + std::to_string(run_id->size()) + " bytes in UTF-8; " + std::to_string(longest_run_id) +
                        " are allowed.",
                    "Shorten it, for instance to a hash of itself.");
}

catalog::Batch batch_to_run(const Work &work, bool pushed, const std::optional<std::string> &run_id)
{
    if (run_id)
        if (std::optional<catalog::Batch> const known = catalog::batch_of_run(work.stream.id, *run_id))
            return *known;
    std::optional<catalog::Batch> const open = catalog::open_batch(work.stream.id);
    if (!open && pushed)
        throw Error(sqlstate::not_sealed, "stream \"" + work.stream.name + "\" has no batch to run",
                    "Its rows are pushed, and no batch is open. Nothing was changed.",
                    "Start a batch with ds_start_batch, fill the staging tables, and seal it with ds_ingest.");
    if (!open)
        return open_batch(work, run_id);
    if (run_id && pushed)
        require_own(work, *open, *run_id);
    if (run_id)
        catalog::record_run(*open, *run_id);
    return *open;
}

void require_sealed(const Work &work, const catalog::Batch &batch)
{
    if (batch.resume_state != BatchState::started)
        return;
    std::vector<std::string> const runs = catalog::runs_of_batch(batch);
    throw Error(sqlstate::not_sealed, batch_title(work.stream.name, batch.id) + " is not sealed",
                whose(batch, runs) + " Nothing was changed." + why_failed(work, batch),
                how_to_go_on(work, batch, true, runs));
}

void refuse_open(const Work &work, const catalog::Batch &open, bool pushed)
{
    std::vector<std::string> const runs = catalog::runs_of_batch(open);
    throw Error(sqlstate::wrong_batch_state, batch_title(work.stream.name, open.id) + " is not committed",
                whose(open, runs) + why_failed(work, open), how_to_go_on(work, open, pushed, runs));
}

} // namespace datasurface::batch
