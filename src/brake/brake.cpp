#include "brake/brake.hpp"

#include <algorithm>
#include <cmath>

#include "base/text.hpp"

namespace datasurface::brake {

namespace {

constexpr double rounding = 1 + 1e-12; // 8.2 % of 3000 is 246, and a little less in binary
constexpr double near = 0.8;           // of a threshold

// What one brake looks at.
struct Look {
    std::string_view name;
    const model::Brake &brake;
    std::int64_t count;
    std::int64_t total;
};

double percent_of(const Look &look)
{
    return static_cast<double>(look.count) * 100 / static_cast<double>(look.total);
}

// A brake with two thresholds trips when both are exceeded: a small table may change a lot, a large one by many rows.
bool exceeds(const Look &look)
{
    const model::Brake &brake = look.brake;
    if (brake.rows && look.count <= *brake.rows)
        return false;
    return !brake.percent ||
           static_cast<double>(look.count) * 100 > static_cast<double>(look.total) * *brake.percent * rounding;
}

bool is_near(const Look &look)
{
    const model::Brake &brake = look.brake;
    bool const stops = brake.action == model::Action::hold || brake.action == model::Action::fail;
    if (!stops || look.count == 0)
        return false;
    auto const count = static_cast<double>(look.count) * rounding;
    return count >= near * static_cast<double>(brake.rows.value_or(0)) &&
           count * 100 >= near * static_cast<double>(look.total) * brake.percent.value_or(0);
}

std::string allowed_share(const model::Brake &brake)
{
    std::string const rows = brake.rows ? counted(*brake.rows, "row", "rows") : "";
    std::string const percent = brake.percent ? digits(*brake.percent) + " %" : "";
    return rows + (brake.rows && brake.percent ? " or " : "") + percent;
}

// With two decimals, but what is exceeded does not look as if it were not.
std::string share(const Look &look)
{
    double const percent = std::round(percent_of(look) * 100) / 100;
    if (look.brake.percent && percent <= *look.brake.percent && exceeds(look))
        return "over " + digits(*look.brake.percent) + " %";
    return percent == 0 ? "under 0.01 %" : digits(percent) + " %";
}

// what: "the batch deletes 2 of 10 rows"
void add_share(std::vector<Trip> &all, const Look &look, const std::string &what)
{
    if (look.brake.action == model::Action::off)
        return;
    bool const is_exceeded = exceeds(look);
    if (!is_exceeded && !is_near(look))
        return;
    std::string const allowed = allowed_share(look.brake);
    all.push_back({look.name, is_exceeded ? look.brake.action : model::Action::off, look.count, look.total, allowed,
                   what + " (" + share(look) + ")" +
                       (is_exceeded ? "; the brake allows " : "; this is near what the brake allows, ") + allowed});
}

void add_changes(std::vector<Trip> &all, const model::Brakes &brakes, const Counts &counts)
{
    std::int64_t const changed = counts.inserted + counts.updated + counts.deleted;
    add_share(all, {"changes", brakes.changes, changed, counts.there},
              "the batch inserts, updates or deletes " + counted(changed, "row", "rows") + ", and " +
                  std::to_string(counts.there) + " are there");
    add_share(all, {"deletes", brakes.deletes, counts.deleted, counts.there},
              "the batch deletes " + std::to_string(counts.deleted) + " of " + counted(counts.there, "row", "rows"));
}

void add_empty(std::vector<Trip> &all, const model::Brake &brake, const Counts &counts)
{
    std::int64_t const fewest = brake.rows.value_or(0);
    if (brake.action == model::Action::off || counts.window || counts.staged > 0 || counts.there < fewest)
        return;
    std::string const allowed = "below " + counted(fewest, "row", "rows");
    all.push_back(
        {"empty", brake.action, 0, counts.there, allowed,
         "no rows came, and " + std::to_string(counts.there) + " are there; the brake allows this " + allowed});
}

bool is_within(double count, double usual, double factor)
{
    return count <= usual * factor && count * factor >= usual;
}

// A window has as many rows as have changed. So it is asked how many rows it leaves.
void add_rows_left(std::vector<Trip> &all, const model::Brake &brake, const Counts &counts)
{
    std::int64_t const left = counts.there + counts.inserted - counts.deleted;
    if (is_within(static_cast<double>(left), static_cast<double>(counts.there), *brake.factor))
        return;
    std::string const allowed = "a factor of " + digits(*brake.factor);
    all.push_back({"rows", brake.action, left, counts.there, allowed,
                   "the batch leaves " + counted(left, "row", "rows") + " where " + std::to_string(counts.there) +
                       " are there; the brake allows " + allowed});
}

void add_rows(std::vector<Trip> &all, const model::Brake &brake, const Counts &counts)
{
    if (brake.action == model::Action::off || !brake.factor)
        return;
    if (counts.window)
        return add_rows_left(all, brake, counts);
    if (!counts.usual_rows || is_within(static_cast<double>(counts.staged), *counts.usual_rows, *brake.factor))
        return;
    std::int64_t const about = std::llround(*counts.usual_rows);
    std::string const allowed = "a factor of " + digits(*brake.factor);
    all.push_back({"rows", brake.action, counts.staged, about, allowed,
                   counted(counts.staged, "row", "rows") + " came where about " + std::to_string(about) +
                       " are usual; the brake allows " + allowed});
}

void add_surplus(std::vector<Trip> &all, const model::Brake &brake, const Counts &counts)
{
    add_share(all, {"surplus", brake, counts.surplus, counts.staged},
              std::to_string(counts.surplus) + " of " + counted(counts.staged, "row", "rows") +
                  " that came are replaced by later ones of the same key");
}

bool is_only_near(const Trip &trip)
{
    return trip.action == model::Action::off;
}

} // namespace

std::vector<Trip> trips(const model::Brakes &brakes, const Counts &counts, bool pulled)
{
    std::vector<Trip> all;
    if (counts.there == 0)
        return all;
    add_changes(all, brakes, counts);
    if (pulled)
        add_empty(all, brakes.empty, counts);
    add_rows(all, brakes.rows, counts);
    add_surplus(all, brakes.surplus, counts);
    if (counts.inserted + counts.updated + counts.deleted == 0)
        all.erase(std::remove_if(all.begin(), all.end(), is_only_near), all.end());
    return all;
}

} // namespace datasurface::brake
