#include "brake/brake.hpp"

#include <algorithm>
#include <cmath>

#include "base/text.hpp"

namespace datasurface::brake {

namespace {

// What one brake looks at.
struct Look {
    std::string_view name;
    const model::Brake &brake;
    std::int64_t count;
    std::int64_t total;
};

// A brake with two thresholds trips when both are exceeded: a small table may change a lot, a large one by many rows.
bool exceeds(const Look &look)
{
    const model::Brake &brake = look.brake;
    if (brake.rows && look.count <= *brake.rows)
        return false;
    constexpr double rounding = 1 + 1e-12; // 8.2 % of 3000 is 246, and a little less in binary
    return !brake.percent ||
           static_cast<double>(look.count) * 100 > static_cast<double>(look.total) * *brake.percent * rounding;
}

std::string allowed_share(const model::Brake &brake)
{
    std::string const rows = brake.rows ? "up to " + counted(*brake.rows, "row", "rows") : "";
    std::string const percent = brake.percent ? "up to " + digits(*brake.percent) + " %" : "";
    return rows + (brake.rows && brake.percent ? ", or " : "") + percent;
}

Trip trip(const Look &look, std::string threshold)
{
    return {look.name, look.brake.action, look.count, look.total, std::move(threshold)};
}

void add_share(std::vector<Trip> &all, const Look &look)
{
    if (look.brake.action != model::Action::off && exceeds(look))
        all.push_back(trip(look, allowed_share(look.brake)));
}

void add_empty(std::vector<Trip> &all, const Look &look)
{
    if (look.brake.action != model::Action::off && look.count == 0 && look.total >= look.brake.rows.value_or(0))
        all.push_back(trip(look, "no rows while there are fewer than " + std::to_string(look.brake.rows.value_or(0))));
}

void add_rows(std::vector<Trip> &all, const Look &look, std::optional<double> usual)
{
    if (look.brake.action == model::Action::off || !usual || !look.brake.factor)
        return;
    auto const count = static_cast<double>(look.count);
    double const factor = *look.brake.factor;
    if (count > *usual * factor || count * factor < *usual)
        all.push_back(trip(look, "up to " + digits(factor) + " times as many or as few rows as usual"));
}

} // namespace

std::vector<Trip> trips(const model::Brakes &brakes, const Counts &counts, bool pulled)
{
    std::vector<Trip> all;
    if (counts.there == 0)
        return all;
    std::int64_t const changed = counts.inserted + counts.updated + counts.deleted;
    add_share(all, {"changes", brakes.changes, changed, counts.there});
    add_share(all, {"deletes", brakes.deletes, counts.deleted, counts.there});
    if (pulled)
        add_empty(all, {"empty", brakes.empty, counts.staged, counts.there});
    add_rows(all, {"rows", brakes.rows, counts.staged, std::llround(counts.usual_rows.value_or(0))}, counts.usual_rows);
    add_share(all, {"surplus", brakes.surplus, counts.surplus, counts.staged});
    return all;
}

model::Action strongest(const std::vector<Trip> &trips)
{
    model::Action action = model::Action::off;
    for (const Trip &one : trips)
        action = std::max(action, one.action);
    return action;
}

} // namespace datasurface::brake
