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

inline Lines lines(const std::vector<Step> &steps)
{
    Lines all;
    for (const Step &step : steps)
        all.push_back(std::string(word(step.action)) +
                      (step.kind ? " [" + std::string(word(*step.kind)) + " " + step.name.name + "]" : "") +
                      (step.statement.empty() ? "" : " " + step.statement));
    return all;
}

inline Lines planned(const Shape &shape, const Actual &actual)
{
    return lines(plan_tables(shape, actual));
}

inline ActualRelation relation(const Shape &shape, const std::string &comment, bool constrained,
                               const std::string &options)
{
    ActualRelation relation;
    relation.options = options;
    relation.comment = comment;
    if (constrained)
        relation.columns = {{"ds_surf_batch_in", "integer", true, "first batch in which this version is current"},
                            {"ds_surf_batch_out", "integer", true,
                             "last batch in which this version is current; 2147483647 while it still is"}};
    else
        relation.columns = {{"ds_surf_arrival", "bigint", true, "order of arrival, which numbers itself"}};
    for (const shape::Column &column : shape.columns)
        relation.columns.push_back(
            {column.name, column.type.name, constrained && !column.nullable, column.description});
    return relation;
}

inline constexpr char staging_options[] = "autovacuum_vacuum_threshold=20000,autovacuum_vacuum_insert_threshold=20000,"
                                          "autovacuum_analyze_threshold=20000";

// The database as a first reconcile leaves it.
inline Actual made(const Shape &shape)
{
    Actual actual;
    for (const Step &step : plan_tables(shape, {}))
        if (step.kind)
            actual.ours[{*step.kind, step.name.name}] = {step.statement, "", 1};
    auto &relations = actual.relations;
    relations[shape.names.staging.name] =
        relation(shape, "incoming rows of dataset \"" + shape.dataset + "\" of store \"" + shape.store + "\"", false,
                 staging_options);
    relations[shape.names.merge.name] = relation(shape, shape.description, true, "fillfactor=90");
    relations[shape.names.staging_sequence.name] = {'S', "", "", {}};
    relations[shape.names.merge_key.name] = {'i', "", "", {}};
    if (!shape.milestoned)
        return actual;
    relations[shape.names.history.name] =
        relation(shape, "closed versions of dataset \"" + shape.dataset + "\" of store \"" + shape.store + "\"", true,
                 "");
    relations[shape.names.history_out_index.name] = {'i', "", "", {}};
    relations[shape.names.history_key_index.name] = {'i', "", "", {}};
    actual.functions = {shape.names.as_of.name};
    return actual;
}

// What plan_tables raises: SQLSTATE and message.
inline std::string refusal(const Shape &shape, const Actual &actual, const std::vector<Dependent> &views = {})
{
    try {
        (void)plan_tables(shape, actual, views);
    } catch (const Error &error) {
        return error.sqlstate + " " + error.message;
    }
    return "nothing";
}

// Of the payload: behind the system columns.
inline ActualColumn &actual_column(Actual &actual, const std::string &table, std::size_t column)
{
    return actual.relations.at(table).columns.at(column + (table == "orders_staging" ? 1 : 2));
}

} // namespace datasurface::reconcile
