#include "ingest/this_database.hpp"

#include "guard/doors.hpp"
#include "heap/doors.hpp"
#include "ingest/columns.hpp"
#include "ingest/plan_staging.hpp"
#include "pg/session.hpp"
#include "pg/settings.hpp"
#include "sqltext/sqltext.hpp"

namespace datasurface::ingest {

// As the owner of the extension, who sees all sessions if that is a superuser.
remote::SourceClock ThisDatabase::clock()
{
    // what an earlier query of this transaction has seen of the sessions is forgotten
    pg::Rows const time =
        pg::query({"clock", "SELECT pg_catalog.clock_timestamp(), pg_catalog.pg_stat_clear_snapshot()", {}});
    pg::Rows const rows = pg::query(
        {"clock_here", remote::clock_statement(sqltext::literal(time.text(0, 0)) + "::pg_catalog.timestamptz"), {}});
    remote::SourceClock clock;
    if (!rows.is_null(0, 0))
        clock.now = rows.bigint(0, 0);
    if (!rows.is_null(0, 1))
        clock.oldest = rows.bigint(0, 1);
    clock.has_prepared = rows.boolean(0, 2);
    clock.hides_sessions = rows.boolean(0, 3);
    clock.in_recovery = rows.boolean(0, 4);
    clock.xmin = rows.bigint(0, 5);
    clock.xmax = rows.bigint(0, 6);
    return clock;
}

void ThisDatabase::require_columns(const shape::Shape &shape, const std::string &select, const ExactTable *exact)
{
    pg::as_role(shape.owner, [&] {
        ingest::require_columns(shape, select);
        if (exact != nullptr)
            require_no_more(shape, *exact);
        guard::check_statement(plan_fill(shape, select), "the query of dataset \"" + shape.dataset + "\"");
        pg::execute(plan_touch_sources(select));
    });
}

unsigned int ThisDatabase::type_of(const shape::Shape &shape, const std::string &select, const std::string &column)
{
    unsigned int type = 0;
    pg::as_role(shape.owner, [&] {
        for (const pg::QueryColumn &given : pg::columns_of(select))
            if (given.name == column)
                type = given.type_oid;
    });
    return type;
}

namespace {

std::vector<std::string> first_row(const pg::Rows &rows)
{
    std::vector<std::string> row;
    for (std::size_t i = 0; i < rows.columns(); ++i)
        row.push_back(rows.text(0, i));
    return row;
}

} // namespace

std::vector<std::string> ThisDatabase::row_of(const shape::Shape &shape, const std::string &query,
                                              const pg::Snapshot &snapshot)
{
    std::vector<std::string> row;
    pg::as_role(shape.owner, [&] { row = first_row(pg::query({"row_of", query, {}}, &snapshot)); });
    return row;
}

std::vector<std::string> ThisDatabase::ask_catalogs(const shape::Shape &, const std::string &query)
{
    return first_row(pg::query({"ask_catalogs", query, {}}));
}

std::unique_ptr<heap::Arriving> ThisDatabase::open(const shape::Shape &shape, const std::string &select,
                                                   const pg::Snapshot &snapshot)
{
    return heap::open(shape, plan_select(shape, select), snapshot);
}

namespace {

merge::Staged fill_by_statement(const shape::Shape &shape, const std::string &select, const pg::Snapshot &snapshot)
{
    merge::Staged staged;
    staged.rows = pg::execute(plan_fill(shape, select), &snapshot);
    if (staged.rows > 0)
        staged.last_arrival = pg::query(plan_last_arrival(shape)).bigint(0, 0);
    return staged;
}

std::optional<merge::Staged> fill_without_insert(const shape::Shape &shape, const std::string &select,
                                                 const pg::Snapshot &snapshot, Receipt &receipt)
{
    if (pg::settings::merge_engine() == pg::settings::MergeEngine::sql)
        return std::nullopt;
    std::unique_ptr<heap::Arriving> const rows = heap::open(shape, plan_select(shape, select), snapshot);
    if (!rows)
        return std::nullopt;
    Reported reported(*rows, receipt);
    auto const staged = heap::fill(shape, reported);
    rows->close();
    return staged;
}

} // namespace

merge::Staged ThisDatabase::fill_as_owner(const shape::Shape &shape, const std::string &select,
                                          const pg::Snapshot &snapshot, Receipt &receipt)
{
    auto const staged = fill_without_insert(shape, select, snapshot, receipt);
    return staged ? *staged : fill_by_statement(shape, select, snapshot);
}

} // namespace datasurface::ingest
