#include "definition/streams.hpp"

#include "batch/calls.hpp"

namespace datasurface::definition {

std::vector<catalog::Stream> lock_streams(const catalog::Store &store)
{
    std::vector<catalog::Stream> locked;
    for (const catalog::Stream &stream : catalog::streams_of_store(store.id))
        locked.push_back(catalog::lock_stream(stream));
    return locked;
}

void adapt_held_batches(int store_id)
{
    catalog::Store const store = catalog::store(store_id);
    for (const catalog::Stream &stream : catalog::streams_with_held_batch(store_id))
        batch::adapt_to_model(stream, store);
}

} // namespace datasurface::definition
