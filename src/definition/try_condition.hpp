// Private to definition: a condition over the columns of a dataset, tried in the database.
#pragma once

#include <string>
#include <vector>

#include "model/report.hpp"
#include "model/types.hpp"
#include "pg/type.hpp"

namespace datasurface::definition {

struct ConditionTrial {
    std::string pointer; // for problems
    std::string subject; // "the condition"
    std::string role;    // plans it; empty: its text is checked only
    bool of_a_view;      // it will run as whoever reads: it may call only what the guard lets run as any role
    const std::vector<model::SinkColumn> *shown_columns = nullptr; // of a view
};

void try_condition(model::Report &problems, const model::Dataset &dataset, const std::string &condition,
                   const ConditionTrial &trial, pg::TypeCache &types);

} // namespace datasurface::definition
