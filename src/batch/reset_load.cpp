#include "batch/reset_load.hpp"

#include <algorithm>

#include "base/error.hpp"
#include "base/sqlstate.hpp"
#include "batch/work.hpp"
#include "catalog/load.hpp"
#include "catalog/orphan.hpp"
#include "sqltext/sqltext.hpp"

namespace datasurface::batch {

namespace {

catalog::Dataset find_dataset(const catalog::Stream &stream, const std::string &name)
{
    std::string names;
    for (catalog::Dataset &dataset : catalog::datasets_of_stream(stream.store_id, stream.dataset_id)) {
        if (dataset.name == name)
            return std::move(dataset);
        names += (names.empty() ? "\"" : ", \"") + dataset.name + "\"";
    }
    throw Error(sqlstate::unknown_stream, "stream \"" + stream.name + "\" has no dataset \"" + name + "\"", "",
                "Its datasets: " + names + ".");
}

} // namespace

void reset_load(const std::string &stream, const std::string &name)
{
    Work const work = begin_work(stream, Call::run);
    catalog::Dataset const dataset = find_dataset(work.stream, name);
    if (!dataset.unpublished)
        throw Error(sqlstate::wrong_batch_state,
                    "dataset \"" + name + "\" of stream \"" + stream + "\" is not in its first load",
                    "Its rows are published, or it is loaded by an ordinary batch.",
                    "SELECT * FROM datasurface.loads; lists first loads.");
    if (std::optional<int> const batch = catalog::open_batch_with(work.stream.id, dataset.id))
        throw Error(sqlstate::wrong_batch_state,
                    batch_title(stream, *batch) + " is open, and has dataset \"" + name + "\"",
                    "It compares what the load has brought with the source.",
                    "Call ds_discard_batch if it is held, or ds_reset_batch; then reset the load.");
    if (!catalog::take_load(dataset.id) && catalog::find_load(dataset.id))
        throw Error(sqlstate::lock_not_available, "a chunk of dataset \"" + name + "\" is being loaded",
                    "Another session does it.", "Call again when that has ended; nothing was changed.");
    catalog::forget_load(dataset.id);
}

} // namespace datasurface::batch
