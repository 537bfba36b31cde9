#include "batch/leave_out_loads.hpp"

namespace datasurface::batch {

std::map<int, catalog::Load> leave_out_loads(catalog::Stream &stream, std::vector<catalog::Dataset> &rows)
{
    std::vector<int> ids;
    for (const catalog::Dataset &row : rows)
        if (row.unpublished)
            ids.push_back(row.id);
    std::map<int, catalog::Load> complete;
    for (int const id : catalog::complete_loads(ids))
        if (std::optional<catalog::Load> const load = catalog::find_load(id))
            complete.emplace(id, *load);
    std::erase_if(rows, [&](const catalog::Dataset &row) { return row.unpublished && !complete.contains(row.id); });
    for (const auto &[id, load] : complete)
        if (!stream.source)
            stream.source = load.source;
    return complete;
}

} // namespace datasurface::batch
