// Private to definition: the streams of a store, while a load changes it.
#pragma once

#include <vector>

#include "catalog/store.hpp"
#include "catalog/stream.hpp"

namespace datasurface::definition {

// Locks them. While another call works on one of them this fails with 55P03, so a call never sees two models.
std::vector<catalog::Stream> lock_streams(const catalog::Store &store);

// Their streams are locked.
void adapt_held_batches(int store_id);

} // namespace datasurface::definition
