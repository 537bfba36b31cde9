// The last batch of a stream at some time.
#pragma once

#include <optional>
#include <string>

namespace datasurface::batch {

// ds_batch_at. time: text that timestamptz reads. Throws SF019 for a time whose answer is not final.
std::optional<int> batch_at(const std::string &stream, const std::string &time);

} // namespace datasurface::batch
