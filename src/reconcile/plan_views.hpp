// Plans the changes that the views of a sink need: puts the rules of src/change/view*.hpp in order.
#pragma once

#include <map>
#include <set>
#include <string>
#include <vector>

#include "change/view.hpp"
#include "shape/tables.hpp"

namespace datasurface::reconcile {

using change::Step;

// Existing objects under the wanted and recorded names of a sink's views.
struct ActualViews {
    std::set<sqltext::Qualified> relations;
    std::map<shape::RelationKind, change::ActualView> ours;
};

// The current rows; and where the tables have a history, all versions, with their first and last batches. shape: as the tables are.
// columns: that the views show. publishing: of the dataset.
std::vector<change::WantedView> wanted_views(const shape::ViewNames &names, const shape::Shape &shape,
                                             const std::vector<change::ViewColumn> &columns, const std::string &where,
                                             int dataset, const std::vector<change::Reader> &readers = {},
                                             const change::Publishing &publishing = {});

// milestoned: in the model. A view of ours that shows another dataset is dropped and created again, because its grants were given
// for the other dataset. Throws 42P07 when a view is not ours.
change::Views plan_views(const std::vector<change::WantedView> &wanted, bool milestoned, const ActualViews &actual,
                         const change::Allowed &allowed);

// Throws SF003 unless the dataset's tables match the model. Views are made from them.
void require_tables(const shape::Shape &shape, bool has_tables);

// A role needs CREATE and USAGE on a workspace's schema to create or change a view there. The schema's owner grants the missing
// privileges before the steps and revokes them after.
struct Loan {
    std::string schema;
    std::string borrower;
    std::vector<std::string> rights; // that the borrower lacks
};

std::vector<Step> with_loans(std::vector<Step> steps, const std::vector<Loan> &loans);

} // namespace datasurface::reconcile
