#include "native/plan_look_up.hpp"

#include <algorithm>
#include <cmath>

namespace datasurface::native {

namespace {

// Pages that are read when so many rows are fetched at random places, through a cache of so many pages: the formula of Mackert and
// Lohman, as PostgreSQL's index_pages_fetched() has it.
double pages_fetched(double fetched, double pages, double cached)
{
    if (pages <= 1)
        return std::min(fetched, 1.0);
    double const most = 2 * pages * fetched / (2 * pages + fetched);
    if (pages <= cached)
        return std::min(most, pages);
    double const fits = 2 * pages * cached / (2 * pages - cached); // so many fetches fill the cache
    return fetched <= fits ? most : cached + (fetched - fits) * (pages - cached) / pages;
}

// The upper pages of an index are read again and again. To find the way down, PostgreSQL counts one comparison for each bit of the
// number of rows.
double descent(const MergeTableSize &size, const CostSettings &settings)
{
    constexpr double of_a_page = 50 * 3; // operators, for each of about three levels
    return (std::ceil(std::log2(std::max(size.rows, 1.0))) + of_a_page) * settings.cpu_operator_cost;
}

} // namespace

double cost_of_scan(const MergeTableSize &size, const CostSettings &settings)
{
    return size.pages * settings.seq_page_cost + size.rows * settings.cpu_tuple_cost;
}

double cost_of_look_ups(double keys, const MergeTableSize &size, const CostSettings &settings)
{
    double const all = std::max(size.pages + size.index_pages, 1.0);
    auto const fetched = [&](double pages) {
        return pages_fetched(keys, pages, std::max(settings.effective_cache_size * pages / all, 1.0));
    };
    double const of_a_key = descent(size, settings) + settings.cpu_index_tuple_cost + settings.cpu_tuple_cost;
    return (fetched(size.pages) + fetched(size.index_pages)) * settings.random_page_cost + keys * of_a_key;
}

} // namespace datasurface::native
