#include "reconcile/tally.hpp"

#include "base/error.hpp"
#include "base/sqlstate.hpp"
#include "base/text.hpp"
#include "pg/report.hpp"

namespace datasurface::reconcile {

namespace {

constexpr std::size_t sqlstate_length = 5; // with which the error of a result begins

} // namespace

void Tally::add(const Task &task, const Results &results)
{
    std::pair const dataset(task.store, task.dataset);
    for (const Result &result : results) {
        if (result.action == waiting) {
            waiting_++;
            waiting_datasets_.insert(dataset);
        }
        if (result.action != failed)
            continue;
        std::string const code = result.error.substr(0, sqlstate_length);
        if (code == sqlstate::not_reconciled && waiting_datasets_.count(dataset) > 0) {
            waiting_++;
            continue;
        }
        if (++failed_ <= most_listed)
            listed_ += (listed_.empty() ? "" : "\n") + result.object + ": " + result.error;
        sqlstates_.insert(code);
    }
}

void Tally::warn_of_waiting() const
{
    if (waiting_ > 0)
        pg::warn(
            "ds_reconcile did not do everything: " + counted(waiting_, "step waits", "steps wait"),
            "ds_plan_schema shows what waits, and why. What is rewrite or lossy there is done if allow names it, what is refused when its "
            "reason is gone. Batches of these datasets fail until then.");
}

void Tally::require_nothing_failed() const
{
    if (failed_ == 0)
        return;
    std::string detail = listed_;
    if (failed_ > most_listed)
        detail += "\n... and " + std::to_string(failed_ - most_listed) + " more";
    throw Error(
        sqlstates_.size() == 1 ? *sqlstates_.begin() : std::string(sqlstate::cannot_reconcile),
        "ds_reconcile could not do everything: " + std::to_string(failed_) + " failed", detail,
        "Everything else is done and committed. SELECT * FROM datasurface.operations WHERE outcome = 'failed' ORDER BY "
        "operation DESC; shows the statements. ds_reconcile_schema says what to do about each. Then call again.");
}

} // namespace datasurface::reconcile
