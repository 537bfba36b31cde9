#include "ingest/plan_pull.hpp"

#include <algorithm>

#include "ingest/plan_window_sql.hpp"
#include "shape/condition.hpp"
#include "sqltext/sqltext.hpp"

namespace datasurface::ingest {

namespace {

const std::string &name_there(const model::Column &column)
{
    return column.from ? *column.from : column.name;
}

std::string column_list(const model::Dataset &dataset)
{
    std::vector<std::string> columns;
    for (const model::Column &column : dataset.columns) {
        std::string const there = sqltext::identifier(name_there(column));
        columns.push_back(column.from ? there + " AS " + sqltext::identifier(column.name) : there);
    }
    return sqltext::join(columns, ", ");
}

std::shared_ptr<const ExactTable> exact_table(const model::Dataset &dataset, const std::string &table)
{
    if (dataset.from->match_columns != model::MatchColumns::exact)
        return nullptr;
    auto const exact = std::make_shared<ExactTable>();
    exact->select = "SELECT * FROM " + table;
    for (const model::Column &column : dataset.columns)
        exact->columns.push_back(name_there(column));
    return exact;
}

std::string around(const model::Dataset &dataset)
{
    return dataset.watermark ? column_list(dataset) + extra_columns(*dataset.watermark) : "";
}

} // namespace

std::string Pull::selected(const std::string &plain) const
{
    return around.empty() ? plain : "SELECT " + around + " FROM (\n" + plain + "\n) AS ds_surf_query";
}

Pull plan_pull(const model::Dataset &dataset)
{
    if (!dataset.from)
        return {dataset.query, 0, nullptr, {}, around(dataset)};
    const model::From &from = *dataset.from;
    std::string const table = sqltext::Qualified{from.table.schema, from.table.name}.sql();
    std::string const extra = dataset.watermark ? extra_columns(*dataset.watermark) : "";
    Pull pull{"SELECT " + column_list(dataset) + extra + " FROM " + table, 0, exact_table(dataset, table), from.table,
              ""};
    if (from.filter.empty())
        return pull;
    pull.select += " WHERE ";
    pull.filter_at = pull.select.size() + 1; // behind the parenthesis
    pull.select += shape::condition_sql(from.filter);
    return pull;
}

std::vector<std::string> surplus_columns(const ExactTable &exact, const std::vector<std::string> &given)
{
    std::vector<std::string> surplus;
    for (const std::string &name : given)
        if (std::find(exact.columns.begin(), exact.columns.end(), name) == exact.columns.end())
            surplus.push_back(name);
    return surplus;
}

} // namespace datasurface::ingest
