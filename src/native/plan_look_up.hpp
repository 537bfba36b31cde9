// Whether the keys of a window are looked up in the primary key of the merge table, or that table is scanned. Pure.
#pragma once

namespace datasurface::native {

// As PostgreSQL's planner sees them.
struct MergeTableSize {
    double pages;
    double rows;
    double index_pages; // of the primary key
};

// PostgreSQL's settings of these names.
struct CostSettings {
    double seq_page_cost;
    double random_page_cost;
    double cpu_tuple_cost;
    double cpu_index_tuple_cost;
    double cpu_operator_cost;
    double effective_cache_size; // pages
};

double cost_of_scan(const MergeTableSize &size, const CostSettings &settings);
double cost_of_look_ups(double keys, const MergeTableSize &size, const CostSettings &settings);

inline bool is_better_looked_up(double keys, const MergeTableSize &size, const CostSettings &settings)
{
    return cost_of_look_ups(keys, size, settings) < cost_of_scan(size, settings);
}

} // namespace datasurface::native
