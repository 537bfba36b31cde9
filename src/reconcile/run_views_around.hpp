// Private to reconcile: the consumers' views on tables that change. PostgreSQL lets a column that a view shows neither go nor change
// its type, so such views are dropped, and created again behind the change; what a view had beside its query is kept.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "catalog/relation.hpp"
#include "catalog/store.hpp"
#include "change/view.hpp"
#include "reconcile/attempt.hpp"
#include "reconcile/conditions.hpp"
#include "reconcile/run_views.hpp"
#include "shape/tables.hpp"

namespace datasurface::reconcile {

struct DroppedView {
    catalog::Relation record;
    change::ActualView view;
    bool lossy = false; // so is the change that drops it
    change::Publishing publishing = {};
};

struct ViewsAround {
    struct Lent {
        std::string lender;
        std::string revoke; // the statement
    };

    std::vector<DroppedView> dropped;
    std::vector<catalog::Relation> kept; // that are as we made them
    std::vector<Lent> loans;
};

// The names of the columns of the tables, by id.
using MadeColumns = std::map<int, std::string>;

// A view with the rows and columns that it shows now. tables: with their names and owner. publishing: what it is to be like.
change::WantedView as_it_is(const catalog::Relation &record, const change::ActualView &view, const shape::Shape &tables,
                            const MadeColumns &made_columns, const change::Publishing &publishing);

// Executes steps on one view, with the loans that its schema needs. Throws 42501 when a role could read it that the store does not name.
void run_on(Results &results, const catalog::Relation &view, const catalog::Store &store, const std::string &owner,
            const std::vector<change::Step> &steps);

// now: the dataset. records: its own. before, after: the columns before and after the steps. Throws SF004 when a view that is dropped is
// not as we made it.
ViewsAround views_around(const change::Actual &now, const std::vector<change::Step> &steps,
                         const std::vector<catalog::Relation> &records, const MadeColumns &before,
                         const MadeColumns &after, Conditions &conditions);

// What go_before and follow will do, and what the views are like then. tables, made_columns: as they will be.
std::vector<change::Step> planned_to_go_before(const ViewsAround &views, const std::string &owner);
std::vector<change::Step> planned_to_follow(const ViewsAround &views, const shape::Shape &tables,
                                            const MadeColumns &made_columns);
ViewsAfter views_after(const ViewsAround &views, const shape::Shape &tables, const MadeColumns &made_columns);

// Call it before the steps are executed. The views go over to another owner of the tables, who drops views: until follow() the owner
// has USAGE on their schemas.
void go_before(Results &results, ViewsAround &views, const catalog::Store &store, const std::string &owner);

// Call it when columns are renamed, and before views are dropped. A view that lossy steps do not drop keeps its condition, by the new
// names: as the model writes it, or if that is another condition, as PostgreSQL prints it.
void read_conditions(ViewsAround &views, const shape::Shape &tables, const MadeColumns &made_columns);

// Call it behind them. The views that stay show renamed tables and columns by their new names: the records follow. The others are created
// again as they were, without columns that were dropped; what else changes about them comes with their sinks.
void follow(Results &results, const ViewsAround &views, const catalog::Store &store, const shape::Shape &tables,
            const MadeColumns &made_columns);

} // namespace datasurface::reconcile
