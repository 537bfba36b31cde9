// First loads: the merge table of a dataset that is not published yet is filled chunk by chunk, beside the batches of its stream. A batch
// then compares all of it with the source, and publishes it.
#pragma once

#include <string>

#include "batch/work.hpp"
#include "catalog/stream.hpp"

namespace datasurface::batch {

enum class Loaded {
    nothing, // no dataset of the stream is left to load
    some,    // a chunk was loaded, or a load was begun or cut
    failed   // the error is kept with the load, and nothing else is left to load
};

// Takes one step of a first load of the stream: one transaction should have no more. The load is locked, and not the stream: so sessions load chunks
// side by side. When others load all that there is, it waits for one of them. The caller is at work on the stream, and may run its batches.
// may_wait: for what others load.
Loaded load_next(const catalog::Stream &stream, const catalog::Store &store, bool may_wait);

// Takes a step if batches of the stream could do nothing, for none of its datasets is published or loaded. Else `nothing`.
Loaded load_alone(const std::string &stream);

// Takes a step, whatever batches could do.
Loaded load_more(const std::string &stream);

// Of a stream without a dataset that is published or loaded: the chunks that are left will not be loaded, so that the next batch does it all.
void give_chunks_up(Work &work);

// A call without a budget loads none. Says so, if any are left.
void tell_of_loads(const Work &work);

// Throws the error of a first load of the stream that has failed, with its dataset.
void require_loads(const catalog::Stream &stream);

// Publishes the members that are loaded and merged, with the batch. Where somebody uses a view of one at this moment, the next batch does it.
void publish_loads(const Work &work);

} // namespace datasurface::batch
