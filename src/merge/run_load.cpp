#include "merge/run_load.hpp"

#include "merge/plan.hpp"
#include "merge/plan_sql.hpp"
#include "pg/conflict.hpp"
#include "pg/context.hpp"
#include "pg/session.hpp"
#include "pg/table.hpp"

namespace datasurface::merge {

namespace {

template <class Body>
void as_owner(const shape::Shape &shape, Body body)
{
    pg::with_context("first load of " + title(shape), [&] {
        pg::lock_owned(shape.names.staging, shape.owner, shape::made_by_reconcile);
        pg::lock_owned(shape.names.merge, shape.owner, shape::made_by_reconcile);
        pg::as_role(shape.owner, body);
    });
}

} // namespace

native::LoadedChunk load_chunk(const shape::Shape &shape, const pg::Snapshot &snapshot,
                               const std::function<std::unique_ptr<heap::Arriving>()> &open, std::int64_t most)
{
    native::LoadedChunk loaded;
    Plan const plan = plan_merge(Mode::whole_snapshot, shape, batch_of_load, {});
    as_owner(shape, [&] { loaded = native::load_chunk(plan, snapshot, open, most); });
    return loaded;
}

std::int64_t load_staged(const shape::Shape &shape)
{
    std::int64_t loaded = 0;
    as_owner(shape, [&] { loaded = pg::execute(plan_load(shape, batch_of_load)); });
    return loaded;
}

void clear_load(const shape::Shape &shape)
{
    as_owner(shape, [&] {
        std::string const table = shape.names.merge.sql();
        bool const alone = pg::try_lock_to_truncate(shape.names.merge);
        pg::execute({"clear_load", alone ? "TRUNCATE ONLY " + table : "DELETE FROM " + table, {}});
    });
}

} // namespace datasurface::merge
