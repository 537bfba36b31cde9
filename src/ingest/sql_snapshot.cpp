#include "ingest/sql_snapshot.hpp"

#include "base/error.hpp"
#include "base/sqlstate.hpp"
#include "guard/doors.hpp"
#include "heap/doors.hpp"
#include "ingest/columns.hpp"
#include "ingest/plan_staging.hpp"
#include "pg/select.hpp"
#include "pg/session.hpp"
#include "pg/settings.hpp"

namespace datasurface::ingest {

namespace {

merge::Staged fill_by_statement(const shape::Shape &shape, const std::string &select, const pg::Snapshot &snapshot)
{
    merge::Staged staged;
    staged.rows = pg::execute(plan_fill(shape, select), &snapshot);
    if (staged.rows > 0)
        staged.last_arrival = pg::query(plan_last_arrival(shape)).bigint(0, 0);
    return staged;
}

} // namespace

std::string plain_select(const shape::Shape &shape, const std::string &query)
{
    pg::SelectCheck const select = pg::check_select(query);
    if (!select.problem.empty())
        throw Error(sqlstate::model_invalid, "the query of dataset \"" + shape.dataset + "\" is not one plain SELECT",
                    select.problem, "Load a model whose query is one SELECT that only reads.");
    return select.text;
}

void lock_sources(const shape::Shape &shape, const std::string &select, const ExactTable *exact)
{
    pg::as_role(shape.owner, [&] {
        require_columns(shape, select);
        if (exact != nullptr)
            require_no_more(shape, *exact);
        guard::check_statement(plan_fill(shape, select), "the query of dataset \"" + shape.dataset + "\"");
        pg::execute(plan_touch_sources(select));
    });
}

std::unique_ptr<heap::Arriving> open_query_as_owner(const shape::Shape &shape, const std::string &select,
                                                    const pg::Snapshot &snapshot)
{
    return heap::open(shape, plan_select(shape, select), snapshot);
}

namespace {

std::optional<merge::Staged> fill_without_insert(const shape::Shape &shape, const std::string &select,
                                                 const pg::Snapshot &snapshot, Receipt &receipt)
{
    if (pg::settings::merge_engine() == pg::settings::MergeEngine::sql)
        return std::nullopt;
    std::unique_ptr<heap::Arriving> const rows = open_query_as_owner(shape, select, snapshot);
    if (!rows)
        return std::nullopt;
    Reported reported(*rows, receipt);
    auto const staged = heap::fill(shape, reported);
    rows->close();
    return staged;
}

} // namespace

merge::Staged fill_as_owner(const shape::Shape &shape, const std::string &select, const pg::Snapshot &snapshot,
                            Receipt &receipt)
{
    auto const staged = fill_without_insert(shape, select, snapshot, receipt);
    return staged ? *staged : fill_by_statement(shape, select, snapshot);
}

} // namespace datasurface::ingest
