// Shows what a merge would change, and changes nothing.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "merge/plan.hpp"
#include "pg/spi.hpp"

namespace datasurface::merge {

// A column of a row that would change. Values are texts; none is NULL, or there is no such row.
struct PreviewedValue {
    std::string change; // inserted, updated or deleted
    int row = 0;        // counts the rows of one kind, from 1
    std::string key;
    std::string column;
    std::optional<std::string> old_value;
    std::optional<std::string> new_value;
};

struct Preview {
    std::int64_t inserted = 0;
    std::int64_t updated = 0;
    std::int64_t deleted = 0;
    std::vector<PreviewedValue> values;
};

// rows: of each kind, the first by key; 0 for the counts alone. Of a row that is updated only the columns that change. The tables are
// locked, and read as their owner. Throws SF016, SF020, SF021 as run() does.
Preview preview(const Plan &plan, const pg::Snapshot &snapshot, int rows);

} // namespace datasurface::merge
