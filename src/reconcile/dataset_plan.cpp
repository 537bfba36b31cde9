#include "reconcile/dataset_plan.hpp"

#include <algorithm>
#include <optional>
#include <utility>

#include "base/error.hpp"
#include "catalog/shape.hpp"
#include "pg/savepoint.hpp"
#include "pg/scratch.hpp"
#include "reconcile/attempt.hpp"
#include "reconcile/inspect_code.hpp"
#include "reconcile/inspect_conversions.hpp"
#include "reconcile/inspect_rows.hpp"
#include "reconcile/inspect_tables.hpp"
#include "reconcile/inspect_uses.hpp"
#include "reconcile/plan_tables.hpp"

namespace datasurface::reconcile {

namespace {

// Datasets that are inspected together. They are in memory together too.
constexpr std::ptrdiff_t inspected_at_once = 500;

std::vector<sqltext::Qualified> tables_and_views(const std::vector<catalog::Relation> &records)
{
    std::vector<sqltext::Qualified> names;
    for (const catalog::Relation &record : records)
        if (record.kind != shape::RelationKind::as_of)
            names.push_back(record.name);
    return names;
}

PlannedTables planned_tables(shape::Shape shape, ActualDataset found, const change::Allowed &allowed, Rows rows)
{
    shape::order_columns(shape, payload_order(shape, found.actual));
    change::Tables tables = plan_tables(shape, found.actual, allowed);
    if (tables.asks_for_code) {
        found.actual.code = inspect_code(tables_and_views(found.records), found.actual.made_columns);
        tables = plan_tables(shape, found.actual, allowed);
    }
    if (tables.asks_for_uses) {
        found.actual.uses = inspect_uses(found);
        tables = plan_tables(shape, found.actual, allowed);
    }
    if (tables.asks_for_key_users) {
        found.actual.key_users = inspect_key_users(found.actual.ours.at(shape::RelationKind::merge).name);
        tables = plan_tables(shape, found.actual, allowed);
    }
    if (rows != Rows::believed && allowed.lossy && !tables.conversions.empty()) {
        found.actual.not_converting = inspect_conversions(found.actual, tables.conversions);
        tables = plan_tables(shape, found.actual, allowed);
    }
    if (rows == Rows::counted && allowed.rewrite &&
        (tables.asks_for_shared_keys || !tables.becoming_not_null.empty())) {
        inspect_rows(found.actual, shape, tables.becoming_not_null, tables.asks_for_shared_keys);
        tables = plan_tables(shape, found.actual, allowed);
    }
    return {std::move(tables), std::move(found.records), std::move(found.actual.made_columns)};
}

bool has_nothing_to_do(const Subject &subject, ActualDataset found, const change::Allowed &allowed)
{
    try {
        return subject.dataset.is_reconciled() &&
               planned_tables(subject.shape, std::move(found), allowed, Rows::believed).is_done();
    } catch (const Error &) {
        return false;
    }
}

} // namespace

std::map<int, std::string> PlannedTables::columns_after() const
{
    std::map<int, std::string> columns = tables.now.made_columns;
    for (const shape::Column &column : tables.wanted.columns)
        columns[column.id] = column.name;
    return columns;
}

PlannedTables planned_tables(const catalog::Store &store, const catalog::Dataset &dataset,
                             const change::Allowed &allowed, Rows rows, pg::TypeCache &types)
{
    shape::Shape const shape = catalog::load_shape(store, dataset, types);
    return planned_tables(shape, std::move(inspect_datasets({{shape, dataset}}).front()), allowed, rows);
}

std::vector<catalog::Dataset> with_something_to_do(const catalog::Store &store,
                                                   const std::vector<catalog::Dataset> &datasets,
                                                   const change::Allowed &allowed, pg::TypeCache &types)
{
    std::vector<catalog::Dataset> all;
    std::vector<shape::Shape> shapes;
    std::vector<Subject> subjects;
    shapes.reserve(datasets.size());
    for (const catalog::Dataset &dataset : datasets)
        try {
            shapes.push_back(catalog::load_shape(store, dataset, types));
            subjects.push_back({shapes.back(), dataset});
        } catch (const Error &) {
            all.push_back(dataset);
        }
    std::vector<ActualDataset> found = inspect_datasets(subjects, Size::known);
    for (std::size_t i = 0; i < subjects.size(); ++i)
        if (!has_nothing_to_do(subjects[i], std::move(found[i]), allowed))
            all.push_back(subjects[i].dataset);
    return all;
}

std::vector<catalog::Dataset> to_reconcile(const catalog::Store &store, const std::vector<catalog::Dataset> &datasets,
                                           const change::Allowed &allowed, pg::TypeCache &types)
{
    std::vector<catalog::Dataset> all;
    for (auto first = datasets.begin(); first != datasets.end();) {
        auto const last = first + std::min<std::ptrdiff_t>(datasets.end() - first, inspected_at_once);
        std::vector<catalog::Dataset> const part(first, last);
        std::vector<catalog::Dataset> some;
        std::optional<Error> failure;
        pg::with_scratch_memory([&] {
            failure = pg::savepoint(
                [&] {
                    do_not_wait_for_locks();
                    some = with_something_to_do(store, part, allowed, types);
                },
                pg::OnError::return_busy_locks_and_refusals);
        });
        const std::vector<catalog::Dataset> &added = failure ? part : some;
        all.insert(all.end(), added.begin(), added.end());
        first = last;
    }
    return all;
}

} // namespace datasurface::reconcile
