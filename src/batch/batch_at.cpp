#include "batch/batch_at.hpp"

#include "base/error.hpp"
#include "base/sqlstate.hpp"
#include "batch/work.hpp"

namespace datasurface::batch {

// An answer is given for a time up to the newest commit that is visible, and is final. Commits of a stream have its lock, one
// after the other until their transactions end, and each is later than the last: what is visible has everything before it
// visible too, and what is not visible yet, or not begun, will be later. For a later time there may be an open transaction
// that has its commit time already. A transaction sees its own commits too; those answers last if it commits. A batch that
// changed nothing is never an answer, so it may be forgotten one day.
std::optional<int> batch_at(const std::string &stream, const std::string &time)
{
    // also of a stream that has left the model: its batches and their rows are still there
    std::optional<catalog::Stream> const found = catalog::find_stream(stream);
    catalog::BatchAt const at = catalog::batch_at((found ? *found : find_stream(stream)).id, time);
    if (at.of_one_dataset)
        throw Error(
            sqlstate::time_not_final, "stream \"" + stream + "\" has no one batch for that time",
            "The newest batch at that time is of one dataset: the store had consistency single, so each had its own.",
            "Ask for the stream of the dataset, " + stream + "#...; it is known although it has left the model.");
    if (!at.checked_at)
        throw Error(sqlstate::time_not_final, "stream \"" + stream + "\" has not committed a batch yet",
                    "A transaction that is still open may be about to commit its first one, with an earlier time.",
                    "Ask again when datasurface.streams shows checked_at of the stream.");
    if (!at.is_final)
        throw Error(sqlstate::time_not_final, "the batch of stream \"" + stream + "\" at that time is not final yet",
                    "The newest time that can be answered is " + *at.checked_at +
                        ", the stream's last commit or check.",
                    time == "infinity" ? "Ask for that time to get the newest batch."
                                       : "Ask for that time or an earlier one, or ask again after the next run.");
    return at.batch;
}

} // namespace datasurface::batch
