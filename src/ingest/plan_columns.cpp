#include "ingest/plan_columns.hpp"

#include <algorithm>
#include <map>
#include <string_view>

#include "base/sqlstate.hpp"
#include "base/text.hpp"
#include "sqltext/sqltext.hpp"

namespace datasurface::ingest {

namespace {

constexpr std::size_t most_listed = 20;
constexpr std::string_view no_name = "?column?"; // as PostgreSQL calls it

bool holds(const std::vector<std::string> &names, const std::string &name)
{
    return std::find(names.begin(), names.end(), name) != names.end();
}

std::string list(const std::vector<std::string> &names)
{
    std::vector<std::string> shown;
    for (std::size_t i = 0; i < std::min(names.size(), most_listed); ++i)
        shown.push_back(datasurface::shown(names[i]));
    std::string const rest =
        names.size() > most_listed ? " and " + std::to_string(names.size() - most_listed) + " more" : "";
    return sqltext::join(shown, ", ") + rest;
}

std::string columns(const std::vector<std::string> &names)
{
    return (names.size() == 1 ? "column " : "columns ") + list(names);
}

std::string perhaps(const Fit &fit)
{
    std::vector<std::string_view> const candidates(fit.unused.begin(), fit.unused.end());
    std::vector<std::string> pairs;
    for (std::size_t i = 0; i < std::min(fit.missing.size(), most_listed); ++i) {
        std::string_view const meant = nearest(fit.missing[i], candidates);
        if (!meant.empty())
            pairs.push_back(datasurface::shown(meant) + " is meant for " + datasurface::shown(fit.missing[i]));
    }
    return pairs.empty() ? "" : "Perhaps " + sqltext::join(pairs, ", and ") + ". ";
}

Misfit misfit_of(const Mismatch &mismatch)
{
    return {true,
            sqlstate::datatype_mismatch,
            "query_column_type",
            false,
            "gives column " + datasurface::shown(mismatch.name) + " as " + mismatch.given + ", not as " +
                mismatch.wanted,
            "PostgreSQL does not turn one into the other without a cast",
            "Cast it in a \"query\", or give the column of the dataset another type."};
}

} // namespace

Fit fit(const std::vector<std::string> &wanted, const std::vector<std::string> &given)
{
    Fit result;
    result.given = given;
    std::map<std::string_view, int> times;
    for (const std::string &name : given)
        ++times[name];
    for (const std::string &name : wanted) {
        auto const found = times.find(name);
        if (found == times.end())
            result.missing.push_back(name);
        else if (found->second > 1)
            result.doubled.push_back(name);
    }
    for (std::size_t i = 0; i < given.size(); ++i) {
        if (holds(wanted, given[i]))
            continue;
        if (given[i] == no_name)
            result.unnamed.push_back(static_cast<int>(i) + 1);
        else if (!holds(result.unused, given[i]))
            result.unused.push_back(given[i]);
    }
    return result;
}

std::vector<Misfit> misfits(const Fit &fit)
{
    std::vector<Misfit> found;
    std::string const gives = "it gives " + (fit.given.empty() ? "none" : list(fit.given));
    for (const Mismatch &mismatch : fit.mismatches)
        found.push_back(misfit_of(mismatch));
    if (!fit.doubled.empty())
        found.push_back({true, sqlstate::ambiguous_column, "query_column_doubled", false,
                         "gives " + columns(fit.doubled) + " more than once", gives,
                         "Columns are taken by name; give the others another name with AS, or leave them out."});
    if (!fit.missing.empty()) {
        found.push_back({true, sqlstate::undefined_column, "query_column_missing", false,
                         "does not give " + columns(fit.missing) + " of the dataset", gives,
                         perhaps(fit) + "Columns are taken by name; AS gives a column of the query another name."});
        return found; // the others are most likely what is missing
    }
    for (int const place : fit.unnamed)
        found.push_back({false, "", "query_column_unnamed", false,
                         "gives its column " + std::to_string(place) + " no name", gives,
                         "Columns are taken by name; give it one with AS, or leave it out."});
    if (!fit.unused.empty())
        found.push_back({false, "", "query_column_unused", true,
                         "gives " + columns(fit.unused) + ", which the dataset does not have",
                         fit.unused.size() == 1 ? "it is left out" : "they are left out",
                         "Add the columns that you need to the dataset, and leave the others out of the query."});
    return found;
}

std::string has_more(const std::vector<std::string> &surplus)
{
    return "has " + columns(surplus) + ", which the dataset does not have";
}

} // namespace datasurface::ingest
