#include "reconcile/plan_views.hpp"

namespace datasurface::reconcile {

namespace {

std::string payload(const shape::Shape &shape)
{
    std::vector<std::string> columns;
    for (const std::string &name : shape.column_names())
        columns.push_back(sqltext::identifier(name));
    return sqltext::join(columns, ", ");
}

} // namespace

std::string current_view(const sqltext::Qualified &name, const shape::Shape &shape)
{
    return "CREATE OR REPLACE VIEW " + name.sql() + " AS SELECT " + payload(shape) + " FROM " + shape.names.merge.sql();
}

std::string full_view(const sqltext::Qualified &name, const shape::Shape &shape)
{
    std::string const select = "SELECT " + sqltext::identifier(shape::batch_in) + ", " +
                               sqltext::identifier(shape::batch_out) + ", " + payload(shape) + " FROM ";
    return "CREATE OR REPLACE VIEW " + name.sql() + " AS " + select + shape.names.merge.sql() + " UNION ALL " + select +
           shape.names.history.sql();
}

} // namespace datasurface::reconcile
