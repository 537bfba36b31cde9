#include "batch/calls.hpp"

#include "base/error.hpp"
#include "base/sqlstate.hpp"
#include "base/text.hpp"
#include "batch/clear.hpp"
#include "batch/plan_placeholder.hpp"
#include "batch/run.hpp"
#include "batch/run_id.hpp"
#include "batch/steps.hpp"
#include "pg/report.hpp"
#include "pg/session.hpp"
#include "rights/facts.hpp"

namespace datasurface::batch {

namespace {

// Whoever resets or fails a held batch has decided that it is not published.
void require_to_end_held(const Work &work)
{
    if (work.facts.state == State::held)
        rights::require_to_decide(pg::calling_role(), work.store, work.stream.name);
}

} // namespace

int start(const std::string &stream, const std::optional<std::string> &run_id)
{
    check_run_id(run_id);
    Work work = begin_work(stream, Call::start);
    load_batch_of_run(work, run_id);
    (void)carry_through(work, {});
    return work.batch.id;
}

std::int64_t ingest(const std::string &stream, int batch, std::optional<std::int64_t> rows)
{
    Work work = begin_work(stream, Call::ingest);
    load_batch(work, batch);
    (void)carry_through(work, {rows, std::nullopt, ""});
    return staged_rows(work);
}

std::vector<Merged> merge_staging(const std::string &stream, int batch)
{
    Work work = begin_work(stream, Call::merge);
    load_batch(work, batch);
    if (carry_through(work, {}) == Outcome::held)
        pg::warn(batch_title(stream, batch) + " is held: nothing of it is published",
                 "The counts are those of what it would change. datasurface.batches says why it is held.");
    std::vector<Merged> merged;
    for (std::size_t i = 0; i < work.records.size(); ++i)
        merged.push_back({work.members[i].row.name, *work.records[i].result});
    return merged;
}

std::string reset(const std::string &stream, int batch, const std::string &if_committed)
{
    if (if_committed != "error" && if_committed != "ignore")
        throw Error(sqlstate::invalid_parameter_value,
                    "if_committed must be 'error' or 'ignore', not '" + if_committed + "'",
                    "It says what a committed batch is.", "'ignore' makes it no error.");
    Work work = begin_work(stream, Call::reset);
    load_batch(work, batch);
    require_to_end_held(work);
    work.facts.ignore_committed = if_committed == "ignore";
    // What is purged is over: committed, or discarded some time ago.
    if (work.facts.ignore_committed && !work.facts.state && batch > 0 && batch <= work.stream.last_batch)
        work.facts.state = State::committed;
    (void)carry_through(work, {});
    return std::string(word(*work.facts.state));
}

namespace {

void require_reason(const std::string &reason, const std::string &what_for, const std::string &hint)
{
    if (is_blank(reason))
        throw Error(sqlstate::invalid_parameter_value, "the reason must not be blank", what_for, hint);
    if (is_unrendered(reason))
        throw Error(sqlstate::invalid_parameter_value, "the reason is a placeholder without a value",
                    "It is " + shown(reason) + ". " + what_for, hint);
}

} // namespace

void fail(const std::string &stream, int batch, const std::string &reason)
{
    require_reason(reason, "ds_require raises it as the message.", "Say why the batch is failed.");
    Work work = begin_work(stream, Call::fail);
    load_batch(work, batch);
    require_to_end_held(work);
    (void)carry_through(work, {std::nullopt, std::nullopt, reason});
}

namespace {

constexpr std::size_t longest_reason = 8192; // bytes

Work begin_decision(const std::string &stream, int batch, Call call, const std::string &reason)
{
    require_reason(reason, "It is recorded with the decision.", "Say why the batch is released or discarded.");
    Work work = begin_work(stream, call);
    load_batch(work, batch);
    work.reason = cut(reason, longest_reason);
    return work;
}

} // namespace

std::string release(const std::string &stream, int batch, const std::string &reason)
{
    Work work = begin_decision(stream, batch, Call::release, reason);
    return std::string(word(carry_through(work, {})));
}

void discard(const std::string &stream, int batch, const std::string &reason)
{
    Work work = begin_decision(stream, batch, Call::discard, reason);
    (void)carry_through(work, {});
}

void adapt_to_model(const catalog::Stream &locked, const catalog::Store &store)
{
    Work work = work_of(locked, store, Call::adapt);
    load_members(work);
    load_open_batch(work);
    (void)carry_through(work, {});
}

void leave_model(const catalog::Stream &locked, const catalog::Store &store)
{
    Work work = work_of(locked, store, Call::leave);
    load_open_batch(work);
    if (!work.facts.state)
        return;
    work.facts.has_staged_rows = !work.facts.ingested && has_staged_rows(work);
    (void)carry_through(work, {});
}

} // namespace datasurface::batch
