#include "batch/refuse.hpp"

#include <algorithm>

#include "base/error.hpp"
#include "base/sqlstate.hpp"
#include "base/text.hpp"
#include "pg/session.hpp"
#include "rights/facts.hpp"

namespace datasurface::batch {

namespace {

constexpr std::size_t longest_cause = 200; // bytes of the error of another call

std::string title(const Work &work)
{
    return batch_title(work.stream.name, work.batch.id);
}

std::string call_of(const std::string &function, const std::vector<std::string> &arguments)
{
    return function + "(" + sqltext::join(arguments, ", ") + ")";
}

std::string step_of(const Work &work, const std::string &function)
{
    return call_of(function, {sqltext::literal(work.stream.name), std::to_string(work.batch.id)});
}

std::string run_of(const Work &work, const std::vector<std::string> &runs)
{
    std::vector<std::string> arguments = {sqltext::literal(work.stream.name)};
    if (!runs.empty())
        arguments.push_back("run_id => " + sqltext::literal(runs.back()));
    return call_of("ds_run", arguments);
}

// It belongs to run "monday", was begun at 2026-11-20 12:00:00+00, and is ingested.
std::string describe_owner(const catalog::Batch &batch, const std::vector<std::string> &runs)
{
    std::string const owner = runs.empty() ? "It has no run id" : "It belongs to run \"" + runs.back() + "\"";
    // times are pinned to GMT; fractions of a second say nothing here
    return owner + ", was begun at " + batch.started_at.substr(0, 19) + "+00, and is " +
           std::string(word(batch.state)) + ".";
}

// For the end of a DETAIL. The error may show values of rows, so it is shown only to roles that may see it.
std::string why_failed(const Work &work)
{
    const catalog::Batch &batch = work.batch;
    if (!batch.error || !rights::may(rights::Act::read_errors, pg::calling_role(), work.store))
        return "";
    return "\nIt failed with: " + cut(batch.error->message, longest_cause);
}

// A retry fails again with the same rows.
bool has_wrong_rows(const catalog::Batch &batch)
{
    return batch.error &&
           (batch.error->sqlstate == sqlstate::null_key || batch.error->sqlstate == sqlstate::duplicate_key);
}

std::string recovery_hint(const Work &work, const std::vector<std::string> &runs)
{
    const catalog::Batch &batch = work.batch;
    if (batch.state == State::held)
        return decision_hint(work.stream.name, batch.id, catalog::findings_of(batch));
    if (!work.facts.pushed)
        return "Call ds_run: it takes the batch over, also under another run_id, and pulls its rows anew.";
    std::string const run = run_of(work, runs), reset = step_of(work, "ds_reset_batch");
    if (!batch.ingested)
        return "Fill its staging tables, seal it with " + step_of(work, "ds_ingest") + ", and run it with " + run +
               ". " + reset + " removes what is staged already.";
    if (has_wrong_rows(batch))
        return "Its rows are wrong: call " + reset + ", stage and seal others, and run them with " + run + ".";
    return "Run it with " + run + ". If its rows are not wanted, call " + reset + " first, and stage and seal others.";
}

// The open batch may be somebody else's: a number that is wrong is looked up, and not replaced by that of the open batch.
std::string hint_for_wrong_number(const Work &work, bool was_there)
{
    if (work.facts.state == State::committed)
        return "Its rows are published; nothing is left to do for it.";
    if (work.facts.state || was_there)
        return "Nothing is left to do for it.";
    return "SELECT batch, state, run_ids FROM datasurface.batches WHERE stream = " +
           sqltext::literal(work.stream.name) + "; lists its batches.";
}

[[noreturn]] void refuse_not_open(const Work &work)
{
    std::optional<catalog::Batch> const open = catalog::open_batch(work.stream.id);
    std::string const next =
        std::string("The next batch is started by ds_start_batch") + (work.facts.pushed ? "." : " or ds_run.");
    bool const was_there = work.batch.id > 0 && work.batch.id <= work.stream.last_batch;
    throw Error(sqlstate::not_the_open_batch,
                work.facts.state ? title(work) + " is " + std::string(word(*work.facts.state))
                                 : title(work) + " does not exist" + (was_there ? " any more" : ""),
                open ? "The open batch is " + std::to_string(open->id) + "." : "The stream has no open batch.",
                hint_for_wrong_number(work, was_there) + (open ? "" : " " + next));
}

// what: what is wrong with the open batch. why: added to its DETAIL.
[[noreturn]] void refuse_open(const Work &work, const char *sqlstate, const std::string &what, const std::string &why)
{
    std::vector<std::string> const runs = catalog::runs_of_batch(work.batch);
    throw Error(sqlstate, title(work) + " " + what, describe_owner(work.batch, runs) + why + why_failed(work),
                recovery_hint(work, runs));
}

[[noreturn]] void refuse_state(const Work &work, State wanted, const std::string &hint)
{
    std::string const goes = "A batch goes from started to ingested to committed.";
    std::string const at(word(work.batch.ingested ? State::ingested : State::started));
    if (work.batch.state == State::held)
        throw Error(sqlstate::wrong_batch_state, title(work) + " is held, not " + std::string(word(wanted)), goes,
                    recovery_hint(work, {}));
    throw Error(sqlstate::wrong_batch_state, title(work) + " is " + at + ", not " + std::string(word(wanted)),
                work.batch.state == State::failed ? goes + " It has failed, and goes on from " + at + "." : goes, hint);
}

[[noreturn]] void refuse_not_held(const Work &work)
{
    std::string const at =
        work.facts.state ? "is " + std::string(word(*work.facts.state)) + ", not held" : "does not exist";
    std::optional<catalog::Decided> const decided = catalog::newest_decision(work.stream.id, work.batch.id);
    throw Error(sqlstate::not_held, title(work) + " " + at,
                decided ? "Role \"" + decided->decided_by + "\" decided about it at " +
                              decided->decided_at.substr(0, 19) + "+00 (" + decided->decision + "): " + decided->reason
                        : "Only a batch that a brake, check or reference has stopped is held.",
                "SELECT * FROM datasurface.batches WHERE state = 'held'; lists the batches that wait for a decision.");
}

std::string after_ingest(bool pushed)
{
    return pushed ? "Merge it with ds_merge_staging, or reset it with ds_reset_batch."
                  : "Call ds_run, which pulls its rows anew unless the same run_id has staged them. Or merge what is "
                    "staged with ds_merge_staging, or reset it with ds_reset_batch.";
}

bool is_of_source(const std::vector<catalog::Finding> &findings)
{
    return std::any_of(findings.begin(), findings.end(),
                       [](const catalog::Finding &finding) { return finding.kind == catalog::RuleKind::source; });
}

} // namespace

std::string decision_hint(const std::string &stream, int batch, const std::vector<catalog::Finding> &findings)
{
    std::vector<std::string> const arguments = {sqltext::literal(stream), std::to_string(batch)};
    std::vector<std::string> with_reason = arguments;
    with_reason.push_back("reason");
    return "A person decides about it: " + call_of("ds_preview_batch", arguments) + " shows what it would change, " +
           call_of("ds_release_batch", with_reason) + " publishes it, and " + call_of("ds_discard_batch", with_reason) +
           " removes it." +
           (is_of_source(findings) ? " Release it if the server was moved or restored on purpose; discard it otherwise."
                                   : "");
}

void refuse(const Work &work, Refusal refusal)
{
    switch (refusal) {
    case Refusal::not_open:
        refuse_not_open(work);
    case Refusal::batch_is_open:
        refuse_open(work, sqlstate::wrong_batch_state, "is not committed", "");
    case Refusal::no_batch:
        throw Error(sqlstate::not_sealed, "stream \"" + work.stream.name + "\" has no batch to run",
                    "Its rows are pushed, and no batch is open. Nothing was changed.",
                    "Start a batch with ds_start_batch, fill the staging tables, and seal it with ds_ingest.");
    case Refusal::not_sealed:
        refuse_open(work, sqlstate::not_sealed, "is not sealed", " Nothing was changed.");
    case Refusal::other_run:
        refuse_open(work, sqlstate::wrong_batch_state, "is not that of run \"" + *work.run_id + "\"", "");
    case Refusal::not_started:
        refuse_state(work, State::started, after_ingest(work.facts.pushed));
    case Refusal::not_ingested:
        refuse_state(work, State::ingested, "Stage its rows first, with ds_ingest; of a pull, ds_run does both.");
    case Refusal::not_held:
        refuse_not_held(work);
    case Refusal::model_changed:
        throw Error(sqlstate::definition_changed,
                    title(work) + " is held, and the model has changed since its rows were staged",
                    "What was staged was staged by another definition.", hint_for_changed(work));
    case Refusal::is_committed:
        throw Error(sqlstate::wrong_batch_state, title(work) + " is committed and cannot be reset",
                    "Its rows are published.", "What a committed batch did is corrected by the next batch.");
    case Refusal::has_staged_rows:
        throw Error(sqlstate::wrong_batch_state,
                    "stream \"" + work.stream.name + "\" would leave the model, but its batch " +
                        std::to_string(work.batch.id) + " has rows staged",
                    "The model was not changed.",
                    "Run the batch to its end, or reset it with ds_reset_batch; then load again.");
    }
    throw Error(sqlstate::internal_error, "a call was refused for an unknown reason");
}

} // namespace datasurface::batch
