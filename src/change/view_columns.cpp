#include "change/view_columns.hpp"

#include <algorithm>

#include "change/view_gone.hpp"

namespace datasurface::change {

namespace {

using Columns = std::vector<ViewColumn>;
using sqltext::identifier;

const ViewColumn *same_in(const Columns &columns, const ViewColumn &one)
{
    auto const found =
        std::find_if(columns.begin(), columns.end(), [&](const ViewColumn &other) { return other.shows_same(one); });
    return found == columns.end() ? nullptr : &*found;
}

bool has_name(const Columns &columns, const std::string &name)
{
    return std::any_of(columns.begin(), columns.end(), [&](const ViewColumn &column) { return column.name == name; });
}

struct Rename {
    std::string from;
    std::string to;
};

// Of columns that the view shows under another name. Names may be exchanged in a ring: one of them is renamed twice then.
std::vector<Step> rename_steps(const sqltext::Qualified &view, const Columns &shown, std::vector<Rename> renames)
{
    std::vector<Step> steps;
    std::vector<std::string> names;
    for (const ViewColumn &column : shown)
        names.push_back(column.name);
    auto const is_taken = [&](const std::string &name) {
        return std::find(names.begin(), names.end(), name) != names.end();
    };
    auto const rename = [&](const std::string &from, const std::string &to) {
        Step step = alter_view(view, "RENAME COLUMN " + identifier(from) + " TO " + identifier(to));
        step.cost = Class::lossy;
        step.reason = "who reads column " + identifier(from) + " finds it no longer under this name";
        steps.push_back(std::move(step));
        std::replace(names.begin(), names.end(), from, to);
    };
    while (!renames.empty()) {
        auto const possible =
            std::find_if(renames.begin(), renames.end(), [&](const Rename &one) { return !is_taken(one.to); });
        if (possible != renames.end()) {
            rename(possible->from, possible->to);
            renames.erase(possible);
            continue;
        }
        std::string between = "ds_surf_renamed";
        while (is_taken(between))
            between += "_";
        rename(renames.front().from, between);
        renames.front().from = between;
    }
    return steps;
}

// A name that the view still gives to a column that stays or waits is not free.
bool is_kept(const Columns &shown, const Columns &wanted, const std::string &name)
{
    return std::any_of(shown.begin(), shown.end(), [&](const ViewColumn &column) {
        if (column.name != name)
            return false;
        const ViewColumn *const now = same_in(wanted, column);
        return now == nullptr || now->name == name;
    });
}

void rename(Views &views, Columns &shown, const WantedView &wanted, const sqltext::Qualified &view, bool anew)
{
    std::vector<Rename> renames;
    bool possible = true;
    for (const ViewColumn &column : shown)
        if (const ViewColumn *const now = same_in(wanted.columns, column); now != nullptr && now->name != column.name) {
            renames.push_back({column.name, now->name});
            possible = possible && !is_kept(shown, wanted.columns, now->name);
        }
    if (renames.empty())
        return;
    if (anew && possible && views.allowed.lossy) {
        // it is created with the new names
    } else if (!possible) {
        Step step = alter_view(view, "RENAME COLUMN " + identifier(renames.front().from) + " TO " +
                                         identifier(renames.front().to));
        step.cost = Class::lossy;
        step.reason = "the column that has this name in the view must leave it first";
        views.waiting.push_back(std::move(step));
        return;
    } else if (!views.take(rename_steps(view, shown, renames))) {
        return;
    }
    for (ViewColumn &column : shown)
        if (const ViewColumn *const now = same_in(wanted.columns, column))
            column.name = now->name;
}

// Rows that a condition is to hide must not show more columns than they do.
bool rows_wait(const Views &views, const WantedView &wanted, const ActualView &actual)
{
    return !actual.shows_wanted_rows && !wanted.where.empty() && !views.allowed.lossy;
}

void add(Views &views, Columns &shown, const WantedView &wanted, const ActualView &actual)
{
    for (const ViewColumn &column : wanted.columns) {
        if (same_in(actual.columns, column) != nullptr)
            continue;
        std::string waits_for;
        if (has_name(shown, column.name))
            waits_for = "another column of the view has that name until it is renamed or dropped";
        else if (rows_wait(views, wanted, actual))
            waits_for = "the condition of the view must change before";
        if (waits_for.empty()) {
            shown.push_back(column);
            continue;
        }
        Step step = make_view(Action::replace, wanted);
        step.cost = Class::lossy;
        step.reason = "column " + identifier(column.name) + " is new: " + waits_for;
        views.waiting.push_back(std::move(step));
    }
}

} // namespace

bool settle_columns(Views &views, WantedView &wanted, const ActualView &actual)
{
    std::vector<std::string> leaving;
    for (const ViewColumn &column : actual.columns)
        if (same_in(wanted.columns, column) == nullptr)
            leaving.push_back(identifier(column.name));
    bool const anew =
        !leaving.empty() && drop_view(views, actual, wanted.kind,
                                      "it is created again, with its grants, without " + sqltext::join(leaving, ", "));
    Columns shown;
    for (const ViewColumn &column : actual.columns)
        if (const ViewColumn *const now = same_in(wanted.columns, column))
            shown.push_back({column.name, now->column, now->id});
        else if (!anew)
            shown.push_back(column);
    rename(views, shown, wanted, actual.object.name, anew);
    add(views, shown, wanted, actual);
    wanted.columns = std::move(shown);
    return anew;
}

} // namespace datasurface::change
