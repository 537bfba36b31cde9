#include "ingest/columns.hpp"

#include <cctype>
#include <map>

#include "base/error.hpp"
#include "base/sqlstate.hpp"
#include "pg/select.hpp"

namespace datasurface::ingest {

Fit fit_columns(const std::vector<Wanted> &wanted, const std::vector<pg::QueryColumn> &given)
{
    std::vector<std::string> wanted_names, given_names;
    std::map<std::string_view, const pg::QueryColumn *> by_name;
    for (const Wanted &column : wanted)
        wanted_names.push_back(column.name);
    for (const pg::QueryColumn &column : given) {
        given_names.push_back(column.name);
        by_name.insert({column.name, &column});
    }
    Fit result = fit(wanted_names, given_names);
    for (const Wanted &column : wanted) {
        auto const found = by_name.find(column.name);
        if (found == by_name.end() || column.type.empty() || column.type == found->second->type)
            continue;
        if (!pg::can_be_stored(found->second->type_oid, column.type))
            result.mismatches.push_back({column.name, found->second->type, column.type});
    }
    return result;
}

namespace {

std::string sentence(std::string clause)
{
    clause.front() = static_cast<char>(std::toupper(static_cast<unsigned char>(clause.front())));
    return clause + ".";
}

} // namespace

void refuse_misfits(const shape::Shape &shape, const Fit &fit)
{
    for (const Misfit &misfit : misfits(fit))
        if (misfit.refused)
            throw Error(misfit.sqlstate, "the query of " + title(shape) + " " + misfit.message, sentence(misfit.why),
                        misfit.hint);
}

std::string plain_select(const shape::Shape &shape, const std::string &query)
{
    pg::SelectCheck const select = pg::check_select(query);
    if (!select.problem.empty())
        throw Error(sqlstate::model_invalid, "the query of dataset \"" + shape.dataset + "\" is not one plain SELECT",
                    select.problem, "Load a model whose query is one SELECT that only reads.");
    return select.text;
}

void require_columns(const shape::Shape &shape, const std::string &query)
{
    std::vector<Wanted> wanted;
    for (const shape::Column &column : shape.columns)
        wanted.push_back({column.name, column.type.name});
    refuse_misfits(shape, fit_columns(wanted, pg::columns_of(query)));
}

void require_no_more(const shape::Shape &shape, const ExactTable &exact)
{
    std::vector<std::string> given;
    for (const pg::QueryColumn &column : pg::columns_of(exact.select))
        given.push_back(column.name);
    refuse_surplus(shape, exact, given);
}

void refuse_surplus(const shape::Shape &shape, const ExactTable &exact, const std::vector<std::string> &given)
{
    std::vector<std::string> const surplus = surplus_columns(exact, given);
    if (!surplus.empty())
        throw Error(sqlstate::datatype_mismatch, "the table of " + title(shape) + " " + has_more(surplus),
                    "The model says \"match_columns\": \"exact\".",
                    "Add the columns to the dataset, or say \"subset\": then they are left out.");
}

} // namespace datasurface::ingest
