// Plans the changes that the views of a sink need. A view belongs to the owner of the store whose rows it shows, so that a
// consumer needs no privilege on the tables. It is replaced without losing grants.
#pragma once

#include <map>
#include <string>
#include <utility>
#include <vector>

#include "change/actual.hpp"
#include "change/step.hpp"
#include "shape/tables.hpp"

namespace datasurface::reconcile {

using change::Step;

// Existing objects under the names of a sink's views.
struct ActualViews {
    std::map<std::string, change::ActualRelation> relations;
    std::map<std::pair<shape::RelationKind, std::string>, change::Object> ours;
};

// Current rows, the columns of the model.
std::string current_view(const sqltext::Qualified &name, const shape::Shape &shape);

// All versions of a milestoned dataset, with their first and last batches.
std::string full_view(const sqltext::Qualified &name, const shape::Shape &shape);

struct WantedView {
    shape::RelationKind kind = shape::RelationKind::view;
    sqltext::Qualified name;
    std::string definition;
    std::string comment;
};

std::vector<WantedView> wanted_views(const shape::ViewNames &names, const shape::Shape &shape);

// schema: of the workspace. dataset: the one that the sink names now. A view of ours that shows another dataset is dropped and
// created again, because its grants were given for the other dataset. Throws 42P07 when a view is not ours.
std::vector<Step> plan_views(const std::vector<WantedView> &wanted, const std::string &schema,
                             const ActualViews &actual, int dataset);

// Throws SF003 unless the dataset's tables match the model. Views are made from them.
void require_tables(const shape::Shape &shape, bool has_tables);

// True when a step changes more than a comment.
bool changes_views(const std::vector<Step> &steps);

// A store's owner needs CREATE and USAGE on a workspace's schema to create a view there. The schema's owner grants the missing
// privileges before the steps and revokes them after.
struct Loan {
    std::string schema;
    std::string borrower;
    std::vector<std::string> rights; // that the borrower lacks
};

std::vector<Step> with_loan(std::vector<Step> steps, const Loan &loan);

} // namespace datasurface::reconcile
