#include "ingest/push.hpp"

#include "base/error.hpp"
#include "base/sqlstate.hpp"
#include "ingest/plan_staging.hpp"
#include "pg/spi.hpp"

namespace datasurface::ingest {

namespace {

// A larger arrival marks the rows that come after the seal. So no staged row may have an arrival that the sequence has not given out.
void require_given_arrivals(const shape::Shape &shape, const merge::Staged &staged)
{
    pg::Rows const given = pg::query(plan_given_arrivals(shape));
    if (given.is_null(0, 0) || staged.last_arrival <= given.bigint(0, 0))
        return;
    throw Error(
        sqlstate::chosen_arrival,
        "rows of dataset \"" + shape.dataset + "\" were staged with explicit values for " + std::string(shape::arrival),
        "The largest is " + std::to_string(staged.last_arrival) + ", but the last value of the column's sequence is " +
            std::to_string(given.bigint(0, 0)) +
            ". Rows that arrive after the seal could not be distinguished from these. Nothing was sealed.",
        "Reset the batch with ds_reset_batch, and stage its rows without that column: name the dataset's columns "
        "in COPY and INSERT.");
}

} // namespace

merge::Staged seal_as_owner(const shape::Shape &shape)
{
    pg::execute(plan_keep_writers_out(shape));
    pg::Rows const count = pg::query(plan_count(shape.names.staging));
    merge::Staged const staged = {count.bigint(0, 0), count.bigint(0, 1)};
    require_given_arrivals(shape, staged);
    return staged;
}

} // namespace datasurface::ingest
