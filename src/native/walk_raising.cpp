#include "native/walk_raising.hpp"

extern "C" {
#include "access/tableam.h"
#include "storage/bufmgr.h"
}

namespace datasurface::native {

Ranges ranges_of(const heap::Tables &tables)
{
    return {RelationGetNumberOfBlocks(tables.staging.relation), RelationGetNumberOfBlocks(tables.merge.relation)};
}

std::int64_t rows_estimated(Relation relation)
{
    BlockNumber pages = 0;
    double rows = 0;
    double all_visible = 0;
    table_relation_estimate_size(relation, nullptr, &pages, &rows, &all_visible);
    return static_cast<std::int64_t>(rows);
}

Walk begin_walk(const heap::Tables &tables, Ranges ranges, std::uint64_t seed, heap::LeftOut left_out)
{
    return {ranges, heap::begin_scan(tables, tables.staging, seed, left_out),
            heap::begin_scan(tables, tables.merge, seed, {nullptr, 0})};
}

void end_walk(const Walk &walk)
{
    heap::end_scan(*walk.staging);
    heap::end_scan(*walk.merge);
}

} // namespace datasurface::native
