#include "merge/plan_rules.hpp"

#include "shape/condition.hpp"

namespace datasurface::merge {

namespace {

using shape::Shape;
using sqltext::identifier;
using sqltext::join;

constexpr char most_keys[] = "5";
constexpr char row[] = "ds_surf_row"; // no column of a dataset has this name

std::vector<std::string> columns(const std::string &alias, const std::vector<std::string> &names)
{
    std::vector<std::string> all;
    for (const std::string &name : names)
        all.push_back(alias + "." + identifier(name));
    return all;
}

// (1, 2) as text. Key columns may have different collations, and concat_ws cannot choose one of them.
std::string key_text(const std::string &alias, const Shape &shape)
{
    std::vector<std::string> texts;
    for (const std::string &column : columns(alias, shape.primary_key))
        texts.push_back(column + "::text COLLATE \"C\"");
    return "left(concat_ws(', ', " + join(texts, ", ") + "), 100)";
}

// Only the dataset's columns can be named in a condition. They have no other alias.
std::string source(const Shape &shape, const RowSource &rows)
{
    std::vector<std::string> names;
    for (const std::string &name : shape.column_names())
        names.push_back(identifier(name));
    return " FROM (SELECT " + join(names, ", ") + " FROM " + rows.from + ") " + row;
}

// As in a CHECK constraint, NULL is no fault.
std::string breaks(const model::Check &check)
{
    return "NOT " + shape::condition_sql(check);
}

// By the equality of the other column. A cast to its type would cut values: 'abcde' is no reference to 'abc' of varchar(3).
std::string refers(const Shape &other, const model::Reference &reference)
{
    std::vector<std::string> conditions;
    for (std::size_t i = 0; i < reference.columns.size(); ++i) {
        const std::string &to = reference.to[i];
        const shape::Equality &equality = other.column(to).type.equality.value();
        std::string const cast = equality.operand.empty() ? "" : "::" + equality.operand;
        conditions.push_back(std::string("(") + row + "." + identifier(reference.columns[i]) + ")" + cast +
                             " OPERATOR(" + identifier(equality.schema) + "." + equality.name + ") (o." +
                             identifier(to) + ")" + cast);
    }
    return join(conditions, " AND ");
}

std::string dangling(const Shape &shape, const Shape &other, const model::Reference &reference)
{
    std::vector<std::string> given; // IS NOT NULL would be false of a composite value with a NULL in it
    for (const std::string &column : columns(row, reference.columns))
        given.push_back(column + " IS DISTINCT FROM NULL");
    return " FROM " + shape.names.merge.sql() + " " + row + " WHERE " + join(given, " AND ") +
           " AND NOT EXISTS (SELECT FROM " + other.names.merge.sql() + " o WHERE " + refers(other, reference) + ")";
}

} // namespace

sqltext::Statement plan_checks(const Shape &shape, const std::vector<model::Check> &checks, const RowSource &rows)
{
    std::vector<std::string> counts;
    for (const model::Check &check : checks)
        counts.push_back("count(*) FILTER (WHERE " + breaks(check) + ")");
    return {"checks", "SELECT " + join(counts, ", ") + source(shape, rows), rows.arguments};
}

sqltext::Statement plan_broken_keys(const Shape &shape, const model::Check &check, const RowSource &rows)
{
    return {"keys of a check",
            "SELECT " + key_text(row, shape) + source(shape, rows) + " WHERE " + breaks(check) + " ORDER BY 1 LIMIT " +
                most_keys,
            rows.arguments};
}

sqltext::Statement plan_reference(const Shape &shape, const Shape &other, const model::Reference &reference)
{
    return {"reference", "SELECT count(*)" + dangling(shape, other, reference), {}};
}

sqltext::Statement plan_dangling_keys(const Shape &shape, const Shape &other, const model::Reference &reference)
{
    return {"keys of a reference",
            "SELECT " + key_text(row, shape) + dangling(shape, other, reference) + " ORDER BY 1 LIMIT " + most_keys,
            {}};
}

} // namespace datasurface::merge
