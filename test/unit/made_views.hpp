// Views of a sink as a first reconcile leaves them, to change something about them; and plans as text.
#pragma once

#include <string>
#include <vector>

#include "reconcile/plan_views.hpp"
#include "shapes.hpp"

namespace datasurface::reconcile {

using shape::RelationKind;
using shape::Shape;
using Lines = std::vector<std::string>;

inline std::string word_of(change::Role role)
{
    if (role == change::Role::loader)
        return "loader: ";
    return role == change::Role::store_owner ? "store: " : "workspace: ";
}

// whole: with the queries of views
inline Lines lines(const std::vector<Step> &steps, bool whole = false)
{
    Lines all;
    for (const Step &step : steps)
        all.push_back(word_of(step.role) + std::string(word(step.action)) +
                      (step.kind ? " [" + std::string(word(*step.kind)) + " " + step.name.name + "]" : "") +
                      (step.statement.empty()
                           ? ""
                           : " " + (whole ? step.statement : step.statement.substr(0, step.statement.find(" AS ")))));
    return all;
}

inline std::vector<change::ViewColumn> view_columns(const Shape &shape)
{
    std::vector<change::ViewColumn> columns;
    for (const shape::Column &column : shape.columns)
        columns.push_back({column.name, column.name, column.id});
    return columns;
}

inline std::vector<change::WantedView> wanted(const Shape &shape, int dataset = 1, const std::string &schema = "desk")
{
    return wanted_views(shape::view_names(schema, "o"), shape, view_columns(shape), "", dataset);
}

inline change::Views planned(const Shape &shape, const ActualViews &actual,
                             const change::Allowed &allowed = change::everything)
{
    return plan_views(wanted(shape), shape.milestoned, actual, allowed);
}

// The database as a first reconcile leaves it.
inline ActualViews made(const std::vector<change::WantedView> &views)
{
    ActualViews actual;
    for (const change::WantedView &view : views) {
        actual.relations.insert(view.name);
        change::ActualView &there = actual.ours[view.kind];
        there.object.name = view.name;
        there.object.definition = change::definition(view);
        there.object.owner = view.owner;
        there.object.dataset = view.dataset;
        there.object.exists = true;
        there.object.there.comment = view.comment;
        there.columns = view.columns;
        there.where = view.where;
    }
    return actual;
}

inline ActualViews made(const Shape &shape, int dataset = 1)
{
    return made(wanted(shape, dataset));
}

} // namespace datasurface::reconcile
