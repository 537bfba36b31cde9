// Private to reconcile: the consumers' views on tables that change. PostgreSQL lets a column that a view shows neither go nor change
// its type, so such views are dropped, and created again behind the change; what a view had beside its query is kept.
#pragma once

#include <string>
#include <vector>

#include "catalog/relation.hpp"
#include "change/step.hpp"
#include "pg/type.hpp"
#include "reconcile/attempt.hpp"
#include "shape/tables.hpp"

namespace datasurface::reconcile {

struct DroppedView {
    catalog::Relation record;
    std::vector<std::string> statements; // that give it back its grants, options and comments
};

struct ViewsAround {
    std::vector<DroppedView> dropped;
    std::vector<catalog::Relation> kept; // that are as we made them
};

// Call it before the steps are executed. records: of the dataset. tables: as they will be.
ViewsAround views_around(const std::vector<change::Step> &steps, const std::vector<catalog::Relation> &records,
                         const shape::Shape &tables);

// What follow will do about the dropped views.
std::vector<change::Step> planned_to_follow(const ViewsAround &views, const shape::Shape &tables, pg::TypeCache &types);

// Call it behind them. The views that stay show renamed tables and columns by their new names: the records follow. tables: as they are.
void follow(Results &results, const ViewsAround &views, const shape::Shape &tables, pg::TypeCache &types);

} // namespace datasurface::reconcile
