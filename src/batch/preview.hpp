// ds_preview_batch: what the staged rows of a batch would change.
#pragma once

#include <string>
#include <vector>

#include "merge/run_preview.hpp"

namespace datasurface::batch {

struct DatasetPreview {
    std::string dataset;
    merge::Preview preview;
};

// rows: of each kind of change. Throws 22023 for a number below 0 or above 1000, SF012 and SF013 for a batch without staged rows, 42501
// for a caller who may neither run its batches nor decide about them. Rows are shown to callers who may read the merge table, and to the
// roles that the store names in "release"; others are warned, and get the counts.
std::vector<DatasetPreview> preview(const std::string &stream, int batch, int rows);

} // namespace datasurface::batch
