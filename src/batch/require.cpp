#include "batch/require.hpp"

#include "base/error.hpp"
#include "base/sqlstate.hpp"
#include "batch/first_load.hpp"
#include "batch/refuse.hpp"
#include "batch/run_id.hpp"
#include "batch/work.hpp"
#include "catalog/finding.hpp"
#include "pg/session.hpp"
#include "rights/facts.hpp"

namespace datasurface::batch {

namespace {

// Of a held batch, for those who may decide about it or see its errors.
std::string why_held(const catalog::Stream &stream, const catalog::Batch &batch)
{
    catalog::Store const store = catalog::store(stream.store_id);
    std::string const caller = pg::calling_role();
    if (rights::may(rights::Act::decide_held, caller, store) || rights::may(rights::Act::read_errors, caller, store))
        return " It is held because of this:\n" + catalog::held_because(stream.name, batch.id);
    return " The store's operators and the members of its owner see why.";
}

std::string why(const catalog::Stream &stream, const catalog::Batch &batch)
{
    if (batch.state == State::held)
        return why_held(stream, batch);
    std::optional<catalog::Decided> const decided = catalog::newest_decision(batch.stream_id, batch.id);
    if (batch.state != State::discarded || !decided)
        return "";
    return " Role \"" + decided->decided_by + "\" decided about it (" + decided->decision + "): " + decided->reason;
}

std::string what_helps(const catalog::Stream &stream, const catalog::Batch &batch)
{
    if (batch.state == State::held)
        return decision_hint(stream.name, batch.id, catalog::findings_of(batch));
    if (batch.state == State::discarded)
        return "A person or a later run has discarded it, or its stream left the model. Run it again; its run_id begins anew.";
    return "Call ds_run until it answers DONE.";
}

// step: ingest or merge, mostly with a dataset, or operator.
std::string where_it_failed(const std::string &step, const std::string &title)
{
    if (step == "operator")
        return "ds_fail_batch was called for " + title + ".";
    return "Step \"" + step + "\" of " + title + " failed.";
}

// A batch that failed raises what was recorded, with its own SQLSTATE; to who may see it, for it may show values of rows.
void require_committed(const catalog::Stream &stream, const catalog::Batch &batch)
{
    if (batch.state == State::committed)
        return;
    std::string const title = batch_title(stream.name, batch.id);
    if (!batch.error)
        throw Error(sqlstate::not_done, title + " is " + std::string(word(batch.state)),
                    "Nothing of it is published." + why(stream, batch), what_helps(stream, batch));
    if (!rights::may(rights::Act::read_errors, pg::calling_role(), catalog::store(stream.store_id)))
        throw Error(sqlstate::not_done, title + " is failed", "Nothing of it is published.",
                    "The store's operators and the members of its owner see why.");
    std::string const where = where_it_failed(batch.error_step, title);
    const Error &error = *batch.error;
    throw Error(error.sqlstate, error.message, error.detail.empty() ? where : error.detail + "\n" + where, error.hint);
}

} // namespace

int require(const std::string &stream, const std::optional<std::string> &run_id)
{
    check_run_id(run_id);
    catalog::Stream const found = find_stream(stream);
    std::optional<catalog::Batch> const batch =
        run_id ? catalog::batch_of_run(found.id, *run_id) : catalog::newest_batch(found.id);
    if (!batch && rights::may(rights::Act::read_errors, pg::calling_role(), catalog::store(found.store_id)))
        require_loads(found);
    if (!batch)
        throw Error(sqlstate::not_done,
                    run_id ? "run \"" + *run_id + "\" has no batch of stream \"" + stream + "\""
                           : "stream \"" + stream + "\" has no batch",
                    std::string("A run has a batch once ds_run or ds_start_batch was called with its run_id") +
                        (run_id
                             ? ", until the run id is forgotten (datasurface.keep_run_ids), or its discarded batch is "
                               "(datasurface.keep_unchanged_batches)."
                             : "."),
                    rights::may(rights::Act::run_batches, pg::calling_role(), catalog::store(found.store_id))
                        ? "Call ds_run first."
                        : "Ask again later; the store's operators and the members of its owner run it.");
    require_committed(found, *batch);
    return batch->id;
}

void require_batch(const std::string &stream, int batch, bool was_committed)
{
    catalog::Stream const found = find_stream(stream);
    if (std::optional<catalog::Batch> const still = catalog::find_batch(found.id, batch))
        return require_committed(found, *still);
    // another call may have forgotten everything by now
    if (!was_committed)
        throw Error(sqlstate::not_done, batch_title(stream, batch) + " does not exist any more",
                    "It was not committed, and somebody has discarded it.", "Call ds_run: it begins the next batch.");
}

} // namespace datasurface::batch
