#include "reconcile/dataset_plan.hpp"

#include <utility>

#include "catalog/shape.hpp"
#include "reconcile/inspect_tables.hpp"
#include "reconcile/inspect_uses.hpp"
#include "reconcile/plan_tables.hpp"

namespace datasurface::reconcile {

PlannedTables planned_tables(const catalog::Store &store, const catalog::Dataset &dataset,
                             const change::Allowed &allowed, pg::TypeCache &types)
{
    shape::Shape shape = catalog::load_shape(store, dataset, types);
    ActualDataset found = inspect_dataset(shape, dataset);
    shape::order_columns(shape, payload_order(shape, found.actual));
    PlannedTables plan{plan_tables(shape, found.actual, allowed), std::move(found.records)};
    if (plan.tables.asks_for_uses) {
        found.records = plan.records;
        found.actual.uses = inspect_uses(found);
        plan.tables = plan_tables(shape, found.actual, allowed);
    }
    return plan;
}

} // namespace datasurface::reconcile
