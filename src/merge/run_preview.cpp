#include "merge/run_preview.hpp"

#include "merge/plan_sql.hpp"
#include "merge/run_sql.hpp"
#include "pg/context.hpp"
#include "pg/session.hpp"

namespace datasurface::merge {

namespace {

std::optional<std::string> value(const pg::Rows &rows, std::size_t row, std::size_t column)
{
    return rows.is_null(row, column) ? std::nullopt : std::optional(rows.text(row, column));
}

void add_values(Preview &preview, const Plan &plan, const pg::Snapshot &snapshot, const std::string &change, int limit)
{
    std::vector<std::string> const names = plan.shape.column_names();
    pg::Rows const rows = pg::query(plan_preview(plan, change, limit), &snapshot);
    for (std::size_t row = 0; row < rows.size(); ++row)
        preview.values.push_back({change, rows.integer(row, 0), rows.text(row, 1),
                                  names.at(static_cast<std::size_t>(rows.integer(row, 2)) - 1), value(rows, row, 3),
                                  value(rows, row, 4)});
}

} // namespace

Preview preview(const Plan &plan, const pg::Snapshot &snapshot, int rows)
{
    Preview preview;
    pg::with_context("preview of " + title(plan.shape), [&] {
        pg::as_role(plan.shape.owner, [&] {
            check_staged(plan, snapshot);
            pg::Rows const counts = pg::query(plan_counts(plan), &snapshot);
            preview.inserted = counts.bigint(0, 0);
            preview.updated = counts.bigint(0, 1);
            preview.deleted = counts.bigint(0, 2);
            if (rows > 0)
                for (const char *const change : {"inserted", "updated", "deleted"})
                    add_values(preview, plan, snapshot, change, rows);
        });
    });
    return preview;
}

} // namespace datasurface::merge
