#include "heap/doors.hpp"

#include "heap/clear.hpp"
#include "heap/fill.hpp"
#include "heap/query.hpp"
#include "pg/own_statement.hpp"

namespace datasurface::heap {

namespace {

class QueriedRows final : public Arriving {
public:
    explicit QueriedRows(Query *query) : query_(query) {}

    ArrivingRows next() override
    {
        return pg::call([&] { return next_rows(*query_); });
    }

    void close() override
    {
        pg::call([&] { close_query(*query_); });
    }

private:
    Query *query_;
};

} // namespace

std::unique_ptr<Arriving> open(const shape::Shape &shape, const sqltext::Statement &select,
                               const pg::Snapshot &snapshot)
{
    Query *const query = pg::call_statement(select.text, [&] { return open_query(shape, select, snapshot); });
    return query != nullptr ? std::make_unique<QueriedRows>(query) : nullptr;
}

std::optional<merge::Staged> fill(const shape::Shape &shape, Arriving &rows)
{
    Filler *const filler = pg::call([&] { return begin_filling(shape); });
    if (filler == nullptr)
        return std::nullopt;
    for (ArrivingRows next = rows.next(); next.count > 0; next = rows.next())
        pg::call([&] { fill_rows(*filler, next, nullptr); });
    return pg::call([&] { return end_filling(*filler); });
}

bool is_empty(const sqltext::Qualified &staging, const pg::Snapshot &snapshot)
{
    return pg::call([&] { return has_no_rows(staging, snapshot); });
}

bool delete_staged(const sqltext::Qualified &staging, std::int64_t last_arrival, const pg::Snapshot &snapshot)
{
    return pg::call([&] { return delete_staged_rows(staging, last_arrival, snapshot); });
}

std::int64_t count_versions(const sqltext::Qualified &table)
{
    return pg::call([&] { return count_versions_of(table); });
}

} // namespace datasurface::heap
