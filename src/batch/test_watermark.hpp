// Private to batch: whether the windows of a dataset can be read at its source, and what they cost there.
#pragma once

#include "batch/test_source.hpp"
#include "catalog/kept.hpp"
#include "ingest/remote_snapshot.hpp"

namespace datasurface::batch {

// Of a dataset whose SELECT snapshot.test() has tried.
SourceCheck test_watermark(const std::string &title, const model::Dataset &dataset, const shape::Shape &shape,
                           ingest::RemoteSnapshot &snapshot);

} // namespace datasurface::batch
