// Tables as a first reconcile leaves them, to change something about them; and plans and refusals as text.
#pragma once

#include <string>
#include <vector>

#include "base/error.hpp"
#include "reconcile/plan_tables.hpp"
#include "shapes.hpp"

namespace datasurface::reconcile {

using shape::RelationKind;
using shape::Shape;
using Lines = std::vector<std::string>;

inline Lines lines(const std::vector<change::Step> &steps)
{
    Lines all;
    for (const change::Step &step : steps)
        all.push_back(std::string(word(step.action)) +
                      (step.kind ? " [" + std::string(word(*step.kind)) + " " + step.name.name + "]" : "") +
                      (step.statement.empty() ? "" : " " + step.statement));
    return all;
}

inline Lines planned(const Shape &shape, const change::Actual &actual)
{
    return lines(plan_tables(shape, actual, change::everything).steps);
}

// The database as a first reconcile leaves it.
inline change::Actual made(const Shape &shape)
{
    change::Tables tables = plan_tables(shape, {}, change::everything);
    change::Actual actual = std::move(tables.now);
    for (const change::Step &step : tables.steps)
        if (step.kind)
            actual.ours.at(*step.kind).definition = step.statement;
    for (auto &[kind, object] : actual.ours)
        object.owner = shape.owner;
    for (const shape::Column &column : shape.columns)
        actual.made_columns[column.id] = column.name;
    return actual;
}

// What plan_tables raises: SQLSTATE and message.
inline std::string refusal(const Shape &shape, const change::Actual &actual)
{
    try {
        (void)plan_tables(shape, actual, change::everything);
    } catch (const Error &error) {
        return error.sqlstate + " " + error.message;
    }
    return "nothing";
}

// Of the payload: behind the system columns.
inline change::ActualColumn &actual_column(change::Actual &actual, RelationKind table, std::size_t column)
{
    return actual.table(table)->columns.at(column + (table == RelationKind::staging ? 1 : 2));
}

} // namespace datasurface::reconcile
